import pino from 'pino';
import type { Environment } from '../../../bot/config-environment.ts';
import { createAttempts } from '../../../bot/llm/attempts.ts';
import { createProviders } from '../../../bot/llm/providers/index.ts';
import { createPseudonyms } from '../../../bot/llm/pseudonyms.ts';
import { createRouter } from '../../../bot/llm/router.ts';
import type { Llm } from '../../../bot/llm/settings.ts';
import { loadCommittedPolicy } from '../../../policy/load.ts';
import { sha256Hex } from '../../../tools/canonical.ts';
import { createRedactor } from '../../../tools/redaction/index.ts';
import { diagnose } from '../../../workflows/diagnosis/diagnose.ts';
import type { Model, ModelText } from '../../../workflows/model.ts';
import type { Shown } from '../../../workflows/reasoning/evidence.ts';
import { acceptHypotheses, Hypotheses } from '../../../workflows/reasoning/hypotheses.ts';
import { type Case, cacheOf } from '../diagnosis/cases.ts';
import { recordedSnapshot } from '../diagnosis/recorded/snapshot.ts';
import { causeWords, type Prediction, predictions } from '../diagnosis/vocabulary.ts';

/** One model, as the product asks it: redaction, fences, form, checks of claims. Nothing is booked: there is no database here. */
export async function benchModel(settings: Llm, env: Environment): Promise<Model | null> {
  const providers = createProviders({ env, providers: settings.providers, learn: () => {} });
  if (providers.size === 0) return null;
  const key = new Uint8Array(32);
  const now = () => new Date();
  return createRouter({
    settings,
    providers,
    budget: { reserve: async () => ({ kind: 'reserved', id: 'bench' }), settle: async () => {} },
    prompts: { put: async (_incident, text) => sha256Hex(text) },
    egress: { policy: await loadCommittedPolicy(), decisions: { record: async () => {} }, rules: settings.egress, now },
    attempts: createAttempts(),
    redactor: createRedactor({ secrets: [], placeholderKey: key }),
    pseudonyms: () => createPseudonyms({ settings: settings.pseudonyms, people: [], key }),
    key,
    events: { called: () => {} },
    log: pino({ level: 'silent' }),
  });
}

const site = 'recorded';

const question = `What causes this incident? Use one of these words as the cause, where one fits: ${causeWords.join(', ')}. The site is "${site}". The entity is the service (kind "deployment", its name without the pod's suffix), the node (kind "node") or the namespace (kind "namespace") at fault. Nothing more can be read: answer now.`;

export interface Asked {
  readonly predictions: readonly Prediction[];
  readonly dropped: number;
  readonly tokens: number;
  readonly microUsd: number;
  /** Why there is no answer; null: there is one. */
  readonly failed: string | null;
}

/** Asks a model about a recorded incident, with everything that the recording holds, analyzers' findings first. */
export async function askAbout(model: Model, one: Case): Promise<Asked> {
  const cache = await cacheOf(one);
  const analyzers = diagnose(recordedSnapshot(cache, one.namespace));
  const shown: Shown[] = Object.entries(cache).map(([name, value]) => {
    const id = sha256Hex(name);
    return { id, alias: `o-${id.slice(0, 10)}`, text: typeof value === 'string' ? value : JSON.stringify(value, null, 1) };
  });
  const labels = Object.keys(cache);
  const texts: readonly ModelText[] = [
    ...analyzers.map(({ id, title, mechanism, entity, cause }) => ({
      id,
      dataClass: 'finding',
      label: 'finding of an analyzer',
      text: JSON.stringify({ title, mechanism, entity, cause }),
      rank: 900,
    })),
    ...shown.map(({ alias, text }, index) => ({ id: alias, dataClass: 'log', label: labels[index] ?? '', text, rank: 100 })),
  ];
  const outcome = await model.ask({
    task: 'investigate',
    incidentId: one.name,
    person: null,
    question,
    texts,
    tools: [],
    schema: Hypotheses,
    signal: AbortSignal.timeout(600_000),
  });
  if (outcome.kind !== 'answer')
    return { predictions: [], dropped: 0, tokens: 0, microUsd: 0, failed: outcome.kind === 'none' ? outcome.reason : 'it asked for reads' };
  const estate = { sites: [{ name: site, environment: 'production', systems: ['kubernetes', 'prometheus'] }] };
  const { provider, model: name, inputTokens, outputTokens, microUsd } = outcome.use;
  const { findings, dropped } = acceptHypotheses(outcome.value, { shown, estate, analyzers, by: `${provider}/${name}` });
  const plain = findings.map((finding) => ({ ...finding, cause: finding.cause.replace(/^model:/, '') }));
  return {
    predictions: predictions(plain.toSorted((a, b) => b.confidence - a.confidence)),
    dropped: dropped.length,
    tokens: inputTokens + outputTokens,
    microUsd,
    failed: null,
  };
}
