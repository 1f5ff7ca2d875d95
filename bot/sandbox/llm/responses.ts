import { randomUUID } from 'node:crypto';
import { type Frame, piecesOf, type Told, textOf, usageOf } from './frames.ts';

function outputOf(told: Told): Record<string, unknown>[] {
  if (told.kind === 'calls')
    return told.calls.map(({ name, input }) => ({
      type: 'function_call',
      id: `fc_${randomUUID()}`,
      call_id: `call_${randomUUID()}`,
      name,
      arguments: typeof input === 'string' ? input : JSON.stringify(input),
      status: 'completed',
    }));
  const content =
    told.kind === 'refusal'
      ? [{ type: 'refusal', refusal: 'I cannot help with that.' }]
      : [{ type: 'output_text', text: textOf(told), annotations: [] }];
  return [{ type: 'message', id: `msg_${randomUUID()}`, role: 'assistant', status: 'completed', content }];
}

/** The events of OpenAI's Responses API. */
export function responsesFrames(told: Told, model: string, prompt: number): readonly Frame[] {
  const usage = usageOf(told, prompt);
  const base = { id: `resp_${randomUUID()}`, object: 'response', created_at: Math.floor(Date.now() / 1_000), model };
  const output = outputOf(told);
  let sequence = 0;
  const frame = (event: string, fields: Record<string, unknown>): Frame => ({
    event,
    data: { type: event, sequence_number: sequence++, ...fields },
  });
  const items = output.flatMap((item, index) => {
    const id = item['id'];
    const deltas =
      item['type'] === 'function_call'
        ? piecesOf(String(item['arguments'])).map((delta) =>
            frame('response.function_call_arguments.delta', { item_id: id, output_index: index, delta }),
          )
        : piecesOf(textOf(told)).map((delta) =>
            frame('response.output_text.delta', { item_id: id, output_index: index, content_index: 0, delta, logprobs: [] }),
          );
    return [
      frame('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress' } }),
      ...deltas,
      frame('response.output_item.done', { output_index: index, item }),
    ];
  });
  const incomplete = told.kind === 'length';
  const finished = {
    ...base,
    status: incomplete ? 'incomplete' : 'completed',
    incomplete_details: incomplete ? { reason: 'max_output_tokens' } : null,
    error: null,
    output,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cached },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usage.input + usage.output,
    },
  };
  return [
    frame('response.created', { response: { ...base, status: 'in_progress', output: [] } }),
    ...items,
    frame(incomplete ? 'response.incomplete' : 'response.completed', { response: finished }),
  ];
}
