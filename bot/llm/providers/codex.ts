import OpenAI from 'openai';
import { CodexLoginNeeded } from '../codex/auth-file.ts';
import type { CodexTokens } from '../codex/tokens.ts';
import { openAiResponses } from './openai-responses.ts';
import { nothingUsed, type Provider, ProviderFailed } from './provider.ts';

/** A Codex subscription: its endpoint speaks the Responses API with a person's token. Not documented by its makers, and so off by default. */
export function codex(tokens: CodexTokens, baseURL: string): Provider {
  const client = async (): Promise<OpenAI> => {
    try {
      const { token, account } = await tokens.current();
      const headers = {
        'chatgpt-account-id': account,
        originator: 'watchkeeper',
        'openai-beta': 'responses=experimental',
        accept: 'text/event-stream',
      };
      return new OpenAI({
        apiKey: token,
        baseURL,
        maxRetries: 0,
        logLevel: 'off',
        organization: null,
        project: null,
        defaultHeaders: headers,
      });
    } catch (error) {
      throw error instanceof CodexLoginNeeded ? new ProviderFailed('auth', { charged: nothingUsed, cause: error }) : error;
    }
  };
  return openAiResponses(client, { subscription: true });
}
