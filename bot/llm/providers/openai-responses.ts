import type OpenAI from 'openai';
import type { ResponseCreateParamsStreaming, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { refused } from './failure.ts';
import { openAiFailure } from './openai-failure.ts';
import { longestAnswer, type Provider, type ProviderAnswer, ProviderFailed, type ProviderRequest, type TokenUse } from './provider.ts';

export interface ResponsesOptions {
  /** As the endpoint of a subscription wants it: nothing kept, no limit of the output. */
  readonly subscription: boolean;
}

function body(request: ProviderRequest, { subscription }: ResponsesOptions): ResponseCreateParamsStreaming {
  return {
    model: request.model,
    instructions: request.system,
    input: [{ role: 'user', content: [{ type: 'input_text', text: request.user }] }],
    tools: request.tools.map(({ name, description, schema }) => ({
      type: 'function' as const,
      name,
      description,
      parameters: { ...schema },
      strict: false,
    })),
    text: { format: { type: 'json_schema', name: request.answer.name, schema: { ...request.answer.schema }, strict: true } },
    prompt_cache_key: request.cacheKey,
    store: false,
    stream: true,
    ...(request.tools.length > 0 && { parallel_tool_calls: true, tool_choice: 'auto' as const }),
    ...(subscription ? { include: ['reasoning.encrypted_content' as const] } : { max_output_tokens: request.maxOutputTokens }),
  };
}

type Finished = Extract<ResponseStreamEvent, { type: 'response.completed' | 'response.incomplete' | 'response.failed' }>['response'];

function usageIn({ usage }: Finished): TokenUse | null {
  if (!usage) return null;
  const cached = usage.input_tokens_details?.cached_tokens ?? 0;
  return { input: usage.input_tokens - cached, cached, written: 0, output: usage.output_tokens };
}

function answerOf(response: Finished): ProviderAnswer {
  if (response.status === 'failed')
    throw refused(
      { status: undefined, code: response.error?.code ?? 'server_error', message: response.error?.message ?? '', headers: undefined },
      null,
      usageIn(response),
    );
  const parts = (response.output ?? []).flatMap((item) => (item.type === 'message' ? item.content : []));
  const text = parts.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])).join('');
  const calls = (response.output ?? []).flatMap((item) =>
    item.type === 'function_call' ? [{ name: item.name, input: item.arguments }] : [],
  );
  const filtered = response.incomplete_details?.reason === 'content_filter';
  const refusal = filtered || parts.some((part) => part.type === 'refusal');
  const stop = refusal ? 'refusal' : response.status === 'incomplete' ? 'length' : 'end';
  return { text, calls, stop, use: usageIn(response) };
}

async function read(events: AsyncIterable<ResponseStreamEvent>, onText: (piece: string) => void): Promise<ProviderAnswer> {
  let length = 0;
  for await (const event of events) {
    if (event.type === 'response.output_text.delta' || event.type === 'response.function_call_arguments.delta') {
      length += event.delta.length;
      if (length > longestAnswer) throw new ProviderFailed('malformed');
      if (event.type === 'response.output_text.delta') onText(event.delta);
    }
    if (event.type === 'error')
      throw refused({ status: undefined, code: event.code ?? 'server_error', message: event.message, headers: undefined }, null);
    if (event.type === 'response.completed' || event.type === 'response.incomplete' || event.type === 'response.failed')
      return answerOf(event.response);
  }
  throw new ProviderFailed('malformed');
}

/** OpenAI's Responses API, and whatever speaks it. Nothing is retried here: the router does. */
export function openAiResponses(client: () => Promise<OpenAI>, options: ResponsesOptions): Provider {
  return {
    async ask(request) {
      try {
        const events = await (await client()).responses.create(body(request, options), { signal: request.signal, maxRetries: 0 });
        return await read(events, request.onText);
      } catch (error) {
        throw openAiFailure(error);
      }
    },
  };
}
