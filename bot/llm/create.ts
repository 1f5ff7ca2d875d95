import { hkdfSync } from 'node:crypto';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Model } from '../../workflows/model.ts';
import type { Environment } from '../config-environment.ts';
import type { Core } from '../core.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createAttempts } from './attempts.ts';
import { createBudget } from './budget.ts';
import type { LlmEvents } from './options.ts';
import { createProviders } from './providers/index.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { createRouter } from './router.ts';

function llmEvents(metrics: Metrics): LlmEvents {
  return {
    called({ provider, task, outcome, seconds, inputTokens, outputTokens, microUsd }) {
      metrics.llmCalls.observe({ provider, task, outcome }, seconds);
      metrics.llmTokens.inc({ provider, kind: 'input' }, inputTokens);
      metrics.llmTokens.inc({ provider, kind: 'output' }, outputTokens);
      metrics.llmMoney.inc({ provider }, microUsd / 1e6);
    },
  };
}

export interface CreateModel {
  readonly core: Core;
  readonly env: Environment;
  /** PAYLOAD_KEY: prompts are encrypted with a key made from it, and names replaced with another. */
  readonly key: Uint8Array;
  readonly metrics: Metrics;
  readonly redactor: GrowingRedactor;
}

/** The language models of the configuration; one that serves nothing where there are none. */
export function createModel({ core, env, key, metrics, redactor }: CreateModel): Model {
  const { file, pool, policy, store, log } = core;
  const settings = file.llm;
  const now = store.now;
  const own = (purpose: string) => new Uint8Array(hkdfSync('sha256', key, '', `watchkeeper ${purpose}`, 32));
  const names = own('llm pseudonyms');
  return createRouter({
    settings,
    providers: createProviders({ env, providers: settings.providers, learn: redactor.learn }),
    budget: createBudget({ pool, limits: settings.budgets, now }),
    prompts: createLlmPrompts({ db: pool, key, days: settings.promptDays, now }),
    egress: { policy, decisions: store.decisions, rules: settings.egress, now },
    attempts: createAttempts(),
    redactor,
    pseudonyms: () => createPseudonyms({ settings: settings.pseudonyms, people: file.people, key: names }),
    key: own('llm fences'),
    events: llmEvents(metrics),
    log,
  });
}
