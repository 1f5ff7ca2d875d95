import { dataClasses } from '../../../policy/contract/egress.ts';
import { modelTasks } from '../../../workflows/model.ts';
import type { Environment } from '../../config-environment.ts';
import { Llm } from '../../llm/settings.ts';
import type { LocalLlm } from './server.ts';

/** Models that the stand-in has. */
export const localModels = ['scripted-a', 'scripted-b'] as const;

/** Both providers of the sandbox are one stand-in: what leaves for it stays on this machine. */
export function sandboxLlm(): Llm {
  const routes = [
    { provider: 'openai', model: localModels[0] },
    { provider: 'anthropic', model: localModels[1] },
  ];
  return Llm.parse({
    providers: [
      { kind: 'openai', name: 'openai' },
      { kind: 'anthropic', name: 'anthropic' },
    ],
    routes: Object.fromEntries(modelTasks.map((task) => [task, routes])),
    prices: { 'openai/scripted-a': { input: 1, output: 5 }, 'anthropic/scripted-b': { input: 3, output: 15 } },
    budgets: { incident: { tokens: 400_000, usd: 5 }, day: { usd: 20 } },
    pseudonyms: { hosts: ['node-*'] },
    egress: ['openai', 'anthropic'].map((provider) => ({ provider, classes: [...dataClasses] })),
  });
}

/** The environment with the stand-in in place of the providers. */
export function withLocalLlm(env: Environment, { url, apiKey }: LocalLlm): Environment {
  return { ...env, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: `${url}/v1`, ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: url };
}
