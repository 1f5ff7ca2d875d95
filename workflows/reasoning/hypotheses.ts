import { z } from 'zod';
import { contentHash } from '../../tools/canonical.ts';
import type { EvidenceEdge, Finding } from '../contracts/finding.ts';
import { bounded } from '../diagnosis/bounded.ts';
import type { Estate } from '../ports.ts';
import { Cite, Claim, checkClaim, type Drop } from './claims.ts';
import type { Shown } from './evidence.ts';
import { inert } from './inert.ts';

const Hypothesis = z.strictObject({
  title: z.string().max(200),
  /** How the cause leads to the symptom. */
  mechanism: z.string().max(900),
  cause: z.string().max(60),
  entity: z.strictObject({
    site: z.string().max(63),
    kind: z.string().max(60),
    namespace: z.string().max(253).nullable(),
    name: z.string().max(253),
  }),
  confidence: z.number().min(0).max(1),
  refutedBy: z.string().max(400),
  claims: z.array(Claim).max(12),
  /** What speaks against it. */
  against: z.array(Cite).max(8),
});

/** What an investigating model answers when it is done. */
export const Hypotheses = z.strictObject({
  hypotheses: z.array(Hypothesis).max(6),
  /** Where it disagrees with an analyzer. */
  disagreements: z.array(z.strictObject({ finding: z.string().max(200), claim: Claim })).max(6),
  /** What it would have to know. */
  missing: z.array(z.string().max(200)).max(6),
});
export type Hypotheses = z.infer<typeof Hypotheses>;

/** Why parts of an answer were dropped. */
export type Dropped = Drop | 'unsupported' | 'unknown_entity' | 'unknown_finding';

export interface Accepted {
  readonly findings: readonly Finding[];
  /** For people, beside the findings. */
  readonly notes: readonly string[];
  readonly dropped: readonly Dropped[];
}

/** A model is never as sure as a check: people look twice. */
const surest = 0.7;

interface Judging {
  readonly shown: readonly Shown[];
  readonly estate: Pick<Estate, 'sites'>;
  readonly analyzers: readonly Finding[];
  /** `provider/model`. */
  readonly by: string;
}

function known(shown: readonly Shown[]): (name: string) => boolean {
  const all = shown.map(({ text }) => text.toLowerCase()).join('\n');
  return (name) => all.includes(name.toLowerCase());
}

function supports(claims: readonly Claim[], shown: readonly Shown[], dropped: Dropped[]): EvidenceEdge[] {
  return claims.flatMap((claim) => {
    const checked = checkClaim(claim, shown);
    if (checked.kind === 'dropped') {
      dropped.push(checked.why);
      return [];
    }
    return checked.found.map(({ observation, quote }) => ({ observation, relation: 'supports' as const, excerpt: bounded(quote, 500) }));
  });
}

function unique(edges: readonly EvidenceEdge[]): EvidenceEdge[] {
  return [...new Map(edges.map((edge) => [`${edge.observation} ${edge.relation}`, edge])).values()];
}

function findingOf(hypothesis: z.infer<typeof Hypothesis>, judging: Judging, dropped: Dropped[]): Finding[] {
  const { shown, estate, by } = judging;
  const isKnown = known(shown);
  const { entity } = hypothesis;
  if (!estate.sites.some(({ name }) => name === entity.site) || !isKnown(entity.name)) {
    dropped.push('unknown_entity');
    return [];
  }
  const edges = supports(hypothesis.claims, shown, dropped);
  if (edges.length === 0) {
    dropped.push('unsupported');
    return [];
  }
  const against = hypothesis.against.flatMap((cite): EvidenceEdge[] => {
    const checked = checkClaim({ text: '', cites: [cite] }, shown);
    if (checked.kind === 'holds')
      return checked.found.map(({ observation, quote }) => ({ observation, relation: 'contradicts', excerpt: bounded(quote, 500) }));
    dropped.push(checked.why);
    return [];
  });
  const safe = (text: string, limit: number) => bounded(inert(text, isKnown), limit);
  // Never the word of an analyzer: playbooks apply to what was checked.
  const cause = `model:${hypothesis.cause.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_')}`;
  return [
    {
      id: `model:${contentHash({ cause, entity, edges }).slice(0, 24)}`,
      analyzer: `model ${by}`,
      title: safe(hypothesis.title, 200),
      mechanism: safe(hypothesis.mechanism, 1_000),
      entity: { ...entity, kind: safe(entity.kind, 60) },
      cause,
      confidence: Math.min(surest, hypothesis.confidence),
      refutedBy: safe(hypothesis.refutedBy, 500),
      edges: unique([...edges, ...against]),
      facts: {},
    },
  ];
}

function disagreementOf(
  { finding, claim }: Hypotheses['disagreements'][number],
  { shown, analyzers }: Judging,
  dropped: Dropped[],
): string[] {
  const about = analyzers.find(({ id }) => id === finding);
  if (about === undefined) {
    dropped.push('unknown_finding');
    return [];
  }
  const checked = checkClaim(claim, shown);
  if (checked.kind === 'dropped') {
    dropped.push(checked.why);
    return [];
  }
  const quote = checked.found.map(({ quote: words }) => `“${bounded(words, 80)}”`).join(', ');
  return [`The model disagrees with “${about.title}”: ${inert(claim.text, known(shown))} (${quote})`];
}

/** Findings of what a model says, as far as the evidence bears it out; the rest is dropped and counted. */
export function acceptHypotheses(answer: Hypotheses, judging: Judging): Accepted {
  const dropped: Dropped[] = [];
  const findings = answer.hypotheses.flatMap((hypothesis) => findingOf(hypothesis, judging, dropped));
  const disagreements = answer.disagreements.flatMap((disagreement) => disagreementOf(disagreement, judging, dropped));
  const missing = answer.missing.map((what) => `The model would have to know: ${inert(what, known(judging.shown))}`);
  const count =
    dropped.length === 0
      ? []
      : [`Statements of the model that were dropped, because the evidence does not bear them out: ${dropped.length}`];
  return {
    findings: [...new Map(findings.map((finding) => [finding.id, finding])).values()],
    notes: [...disagreements, ...missing, ...count],
    dropped,
  };
}
