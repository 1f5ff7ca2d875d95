import { z } from 'zod';
import type { Observation } from '../../tools/contract.ts';
import { OperationName } from '../../tools/contract.ts';
import type { Finding } from '../contracts/finding.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { buildSnapshot } from '../diagnosis/snapshot.ts';
import type { CompiledPlaybook, Operations, PlaybookSet } from './compiled.ts';
import { GivenFinding, Given as given } from './contract.ts';
import { exampleEstate, findingOf, givenOutput } from './examples.ts';
import { type Match, matching, ranked } from './match.ts';
import type { ReadOutput } from './observe.ts';
import { type Proposal, propose } from './propose.ts';
import { type PlaybookProblem, readSource } from './source.ts';

const Json = z.record(z.string(), z.unknown());
const Seen = z.strictObject({ operation: OperationName, input: Json.default({}), output: z.unknown(), stdout: z.string().default('') });

const Expected = z.strictObject({
  playbook: z.string().nullable().describe('Which one has the word; null: none applies.'),
  plan: z
    .array(z.strictObject({ operation: OperationName, input: Json, checks: z.int().nonnegative().optional() }))
    .optional()
    .describe('The steps, exactly; left out: there is no plan.'),
  says: z.string().optional().describe('Words of the conclusion.'),
  over: z.array(z.string()).optional().describe('Others that apply and are less specific, in their order.'),
});

const Case = z
  .strictObject({
    name: z.string().min(1).max(200),
    findings: z.array(GivenFinding).max(20).optional(),
    observations: z.array(Seen).max(50).optional().describe('What reads said: the analyzers make findings of it.'),
    at: z.iso.datetime().default('2026-01-01T12:00:00.000Z').describe('When that is looked at.'),
    services: z.array(z.string()).default([]),
    ...given,
    expect: Expected,
  })
  .refine(({ findings, observations }) => (findings === undefined) !== (observations === undefined), 'either findings or observations');
type Case = z.infer<typeof Case>;

/** `NAME.test.yaml` beside `NAME.yaml`. */
export const CaseFile = z.strictObject({ cases: z.array(Case).min(1).max(100) });

/** `problem`: null when it came out as expected. */
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly problem: PlaybookProblem | null;
}

const site = 'example';

/** An estate with everything at the site of the case. */
function estateOf({ services, findings }: Case) {
  const first = findings?.[0] ?? {
    cause: 'none',
    confidence: 1,
    entity: { site, kind: '', namespace: null, name: services[0] ?? '' },
    facts: {},
  };
  return { ...exampleEstate(first, services), people: [] };
}

function observationOf(
  { operation, input, output, stdout }: z.infer<typeof Seen>,
  index: number,
  at: string,
): { id: string; body: Observation } {
  const body: Observation = {
    ...{ version: 1, callId: String(index), incidentId: 'case', site, operation, mode: 'run', input, startedAt: at, finishedAt: at },
    ...{ via: { kind: 'cli', binary: '', argv: [], stdinSha256: null }, status: 'ok', errorCode: null, exitCode: 0, output, stdout },
    ...{ stderr: '', truncated: false, redactions: 0, redactionVersion: '' },
  };
  return { id: index.toString(16).padStart(64, '0'), body };
}

function findingsOf(one: Case): readonly Finding[] {
  if (one.findings !== undefined) return one.findings.map(findingOf);
  const kept = (one.observations ?? []).map((seen, index) => observationOf(seen, index, one.at));
  return diagnose(buildSnapshot(kept, estateOf(one), new Date(one.at)));
}

/** Read by name, of whichever playbook asks. */
function outputOf(playbooks: readonly CompiledPlaybook[], { reads }: Case): ReadOutput {
  const asked = playbooks.map((compiled) => givenOutput(compiled, reads));
  return (...call) => asked.map((output) => output(...call)).find((output) => output !== undefined);
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, leaf: unknown) =>
    typeof leaf === 'object' && leaf !== null && !Array.isArray(leaf)
      ? Object.fromEntries(Object.entries(leaf).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : leaf,
  );

/** Where what came out is not what was expected; null: it is. */
function difference(proposal: Proposal, expected: Case['expect']): { readonly key: string; readonly message: string } | null {
  const draft = proposal.kind === 'plan' ? proposal.draft : null;
  const name = draft?.playbook ?? (proposal.kind === 'concluded' ? proposal.concluded.playbook : null);
  if (name !== expected.playbook) return { key: 'playbook', message: `expected ${expected.playbook ?? 'none'}, got ${name ?? 'none'}` };
  const steps = draft?.steps.map(({ operation, input, verification }, index) => ({
    ...{ operation, input },
    ...(expected.plan?.[index]?.checks !== undefined && { checks: verification.length }),
  }));
  if (canonical(steps) !== canonical(expected.plan))
    return { key: 'plan', message: `expected ${canonical(expected.plan) ?? 'no plan'}, got ${canonical(steps) ?? 'no plan'}` };
  const says = proposal.kind === 'concluded' ? proposal.concluded.says : '';
  if (expected.says !== undefined && !says.includes(expected.says))
    return { key: 'says', message: `expected "${expected.says}" in "${says}"` };
  const over = draft?.provenance?.over.map(({ playbook }) => playbook);
  if (expected.over !== undefined && canonical(over) !== canonical(expected.over))
    return { key: 'over', message: `expected ${canonical(expected.over)}, got ${canonical(over) ?? 'no plan'}` };
  return null;
}

/** What was made of a case, for whoever writes one. */
export function played(
  operations: Operations,
  set: PlaybookSet,
  one: Case,
): { readonly proposal: Proposal; readonly matches: readonly Match[] } {
  const all = { operations, set, estate: estateOf(one), alerts: [one.labels], output: outputOf(set.playbooks, one) };
  const findings = findingsOf(one);
  return { proposal: propose(findings, all), matches: ranked(findings).flatMap((finding) => matching(set.playbooks, finding, all)) };
}

/** Runs the cases of one file against a set of playbooks. */
export function runCases(operations: Operations, set: PlaybookSet, file: string, text: string): readonly CaseResult[] {
  const read = readSource(file, text);
  if (read.kind === 'wrong') return read.problems.map((problem) => ({ file, name: 'the file', problem }));
  const parsed = CaseFile.safeParse(read.source.value);
  if (!parsed.success) return read.source.issues(parsed.error).map((problem) => ({ file, name: 'the file', problem }));
  return parsed.data.cases.map((one, index) => {
    const wrong = difference(played(operations, set, one).proposal, one.expect);
    const todo = 'correct the playbook, or what the case expects';
    const problem =
      wrong === null ? null : read.source.problem(['cases', index, 'expect', wrong.key], `${one.name}: ${wrong.message}`, todo);
    return { file, name: one.name, problem };
  });
}
