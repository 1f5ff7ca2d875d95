import type OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { openAiFailure } from './openai-failure.ts';
import { longestAnswer, type Provider, type ProviderAnswer, ProviderFailed } from './provider.ts';

interface Call {
  name: string;
  input: string;
}

interface State {
  text: string;
  refusal: boolean;
  finish: string | null;
  use: ProviderAnswer['use'];
  readonly calls: Map<number, Call>;
}

function take(state: State, chunk: ChatCompletionChunk, onText: (piece: string) => void): void {
  if (chunk.usage) {
    const cached = chunk.usage.prompt_tokens_details?.cached_tokens ?? 0;
    state.use = { input: chunk.usage.prompt_tokens - cached, cached, written: 0, output: chunk.usage.completion_tokens };
  }
  const choice = chunk.choices[0];
  if (choice === undefined) return;
  if (choice.delta.content) {
    state.text += choice.delta.content;
    onText(choice.delta.content);
  }
  state.refusal ||= Boolean(choice.delta.refusal);
  for (const { index, function: part } of choice.delta.tool_calls ?? []) {
    const call = state.calls.get(index) ?? { name: '', input: '' };
    call.name += part?.name ?? '';
    call.input += part?.arguments ?? '';
    state.calls.set(index, call);
  }
  state.finish = choice.finish_reason ?? state.finish;
}

async function read(chunks: AsyncIterable<ChatCompletionChunk>, onText: (piece: string) => void): Promise<ProviderAnswer> {
  const state: State = { text: '', refusal: false, finish: null, use: null, calls: new Map() };
  for await (const chunk of chunks) {
    take(state, chunk, onText);
    const length = state.text.length + [...state.calls.values()].reduce((sum, { input }) => sum + input.length, 0);
    if (length > longestAnswer) throw new ProviderFailed('malformed');
  }
  if (state.finish === null) throw new ProviderFailed('malformed');
  const stop = state.refusal || state.finish === 'content_filter' ? 'refusal' : state.finish === 'length' ? 'length' : 'end';
  return { text: state.text, calls: [...state.calls.values()], stop, use: state.use };
}

/** Chat completions, which most self-hosted servers speak. */
export function openAiChat(client: () => Promise<OpenAI>): Provider {
  return {
    async ask(request) {
      const tools = request.tools.map(({ name, description, schema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...schema } },
      }));
      try {
        const chunks = await (await client()).chat.completions.create(
          {
            model: request.model,
            messages: [
              { role: 'system', content: request.system },
              { role: 'user', content: request.user },
            ],
            response_format: {
              type: 'json_schema',
              json_schema: { name: request.answer.name, schema: { ...request.answer.schema }, strict: true },
            },
            max_completion_tokens: request.maxOutputTokens,
            stream: true,
            stream_options: { include_usage: true },
            ...(tools.length > 0 && { tools }),
          },
          { signal: request.signal, maxRetries: 0 },
        );
        return await read(chunks, request.onText);
      } catch (error) {
        throw openAiFailure(error);
      }
    },
  };
}
