import { randomUUID } from 'node:crypto';
import { type Frame, piecesOf, type Told, textOf, usageOf } from './frames.ts';

/** The chunks of chat completions. */
export function chatFrames(told: Told, model: string, prompt: number): readonly Frame[] {
  const usage = usageOf(told, prompt);
  const base = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1_000), model };
  const chunk = (delta: Record<string, unknown>, finish: string | null = null): Frame => ({
    event: null,
    data: { ...base, choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }] },
  });
  const calls = (told.kind === 'calls' ? told.calls : []).flatMap(({ name, input }, index) => {
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    const first = { index, id: `call_${randomUUID()}`, type: 'function', function: { name, arguments: '' } };
    return [
      chunk({ tool_calls: [first] }),
      ...piecesOf(text).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ];
  });
  const finish = { text: 'stop', calls: 'tool_calls', refusal: 'stop', length: 'length' }[told.kind];
  return [
    chunk({ role: 'assistant', content: '' }),
    ...piecesOf(textOf(told)).map((content) => chunk({ content })),
    ...(told.kind === 'refusal' ? [chunk({ refusal: 'I cannot help with that.' })] : []),
    ...calls,
    chunk({}, finish),
    {
      event: null,
      data: {
        ...base,
        choices: [],
        usage: {
          prompt_tokens: usage.input,
          completion_tokens: usage.output,
          total_tokens: usage.input + usage.output,
          prompt_tokens_details: { cached_tokens: usage.cached },
        },
      },
    },
    { event: null, data: '[DONE]' },
  ];
}
