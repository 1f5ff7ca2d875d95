import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import type { Environment } from '../../config-environment.ts';
import { createCodexTokens } from '../codex/tokens.ts';
import type { LlmProvider } from '../settings.ts';
import { anthropic } from './anthropic.ts';
import { codex } from './codex.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';
import type { Provider } from './provider.ts';

type Keys = Pick<
  Environment,
  'OPENAI_API_KEY' | 'OPENAI_BASE_URL' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL' | 'CODEX_AUTH_FILE' | 'CODEX_BASE_URL'
>;

export interface ProvidersOptions {
  readonly env: Keys;
  readonly providers: readonly LlmProvider[];
  /** Told of credentials that are read later than the environment. */
  readonly learn: (secrets: readonly string[]) => void;
}

function openAi(apiKey: string, baseURL: string): () => Promise<OpenAI> {
  // What the environment says for other programs (organization, project) is not ours.
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: 'off', organization: null, project: null });
  return () => Promise.resolve(client);
}

function compatible(
  { baseUrl, api, apiKeyFile }: Extract<LlmProvider, { kind: 'compatible' }>,
  learn: ProvidersOptions['learn'],
): Provider {
  const key = apiKeyFile === undefined ? 'none' : readFileSync(apiKeyFile, 'utf8').trim();
  if (apiKeyFile !== undefined) learn([key]);
  const client = openAi(key, baseUrl);
  return api === 'chat' ? openAiChat(client) : openAiResponses(client, { subscription: false });
}

function providerOf(provider: LlmProvider, { env, learn }: ProvidersOptions): Provider | null {
  switch (provider.kind) {
    case 'openai':
      return env.OPENAI_API_KEY === undefined
        ? null
        : openAiResponses(openAi(env.OPENAI_API_KEY, env.OPENAI_BASE_URL), { subscription: false });
    case 'anthropic':
      return env.ANTHROPIC_API_KEY === undefined ? null : anthropic({ apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL });
    case 'openai-codex':
      return env.CODEX_AUTH_FILE === undefined ? null : codex(createCodexTokens({ path: env.CODEX_AUTH_FILE, learn }), env.CODEX_BASE_URL);
    case 'compatible':
      return compatible(provider, learn);
  }
}

/** By name; one whose credential is not set is left out. */
export function createProviders(options: ProvidersOptions): ReadonlyMap<string, Provider> {
  return new Map(
    options.providers.flatMap((provider) => {
      const made = providerOf(provider, options);
      return made === null ? [] : [[provider.name, made] as const];
    }),
  );
}
