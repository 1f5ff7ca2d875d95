import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { disconnected, refused } from './failure.ts';
import {
  longestAnswer,
  nothingUsed,
  type Provider,
  type ProviderAnswer,
  ProviderFailed,
  type ProviderRequest,
  type TokenUse,
} from './provider.ts';

function failure(error: unknown): unknown {
  if (error instanceof ProviderFailed || error instanceof APIUserAbortError) return error;
  if (error instanceof APIConnectionTimeoutError) return new ProviderFailed('timeout', { cause: error });
  if (error instanceof APIConnectionError) return disconnected(error);
  if (error instanceof APIError) {
    const body = error.error as { error?: { type?: string } } | undefined;
    return refused(
      { status: error.status, code: error.type ?? body?.error?.type ?? null, message: error.message, headers: error.headers },
      error,
    );
  }
  return error instanceof Error && error.name !== 'AbortError' ? new ProviderFailed('malformed', { cause: error }) : error;
}

/** What stays the same between calls is marked for the cache: the instructions with the tools before them. */
function body(request: ProviderRequest): MessageCreateParamsStreaming {
  return {
    model: request.model,
    max_tokens: request.maxOutputTokens,
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: request.user }],
    output_config: { format: { type: 'json_schema', schema: { ...request.answer.schema } } },
    stream: true,
    ...(request.tools.length > 0 && {
      tools: request.tools.map(({ name, description, schema }) => ({
        name,
        description,
        input_schema: { ...schema, type: 'object' as const },
      })),
    }),
  };
}

interface State {
  text: string;
  stop: string | null;
  length: number;
  use: TokenUse;
  readonly calls: Map<number, { name: string; input: string }>;
}

function take(state: State, event: RawMessageStreamEvent, onText: (piece: string) => void): void {
  if (event.type === 'message_start') {
    const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } = event.message.usage;
    const [written, cached] = [cache_creation_input_tokens ?? 0, cache_read_input_tokens ?? 0];
    state.use = { input: input_tokens, cached, written, output: output_tokens };
  } else if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
    state.calls.set(event.index, { name: event.content_block.name, input: '' });
  } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
    state.text += event.delta.text;
    state.length += event.delta.text.length;
    onText(event.delta.text);
  } else if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta') {
    const call = state.calls.get(event.index);
    if (call !== undefined) call.input += event.delta.partial_json;
    state.length += event.delta.partial_json.length;
  } else if (event.type === 'message_delta') {
    state.stop = event.delta.stop_reason;
    state.use = { ...state.use, output: event.usage.output_tokens };
  }
}

async function read(events: AsyncIterable<RawMessageStreamEvent>, onText: (piece: string) => void): Promise<ProviderAnswer> {
  const state: State = { text: '', stop: null, length: 0, use: nothingUsed, calls: new Map() };
  for await (const event of events) {
    take(state, event, onText);
    if (state.length > longestAnswer) throw new ProviderFailed('malformed');
  }
  if (state.stop === null) throw new ProviderFailed('malformed');
  const stop =
    state.stop === 'refusal' ? 'refusal' : state.stop === 'max_tokens' || state.stop === 'model_context_window_exceeded' ? 'length' : 'end';
  const calls = [...state.calls.values()].map(({ name, input }) => ({ name, input: input === '' ? '{}' : input }));
  return { text: state.text, calls, stop, use: state.use };
}

export interface AnthropicPlace {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** Anthropic's Messages API. Nothing is retried here: the router does. */
export function anthropic({ apiKey, baseUrl }: AnthropicPlace): Provider {
  const client = new Anthropic({ apiKey, authToken: null, baseURL: baseUrl, maxRetries: 0, logLevel: 'off' });
  return {
    async ask(request) {
      try {
        return await read(await client.messages.create(body(request), { signal: request.signal }), request.onText);
      } catch (error) {
        throw failure(error);
      }
    },
  };
}
