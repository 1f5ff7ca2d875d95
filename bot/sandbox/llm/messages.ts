import { randomUUID } from 'node:crypto';
import { type Frame, piecesOf, type Told, textOf, usageOf } from './frames.ts';

function blockFrames(told: Told, frame: (event: string, fields: Record<string, unknown>) => Frame): Frame[] {
  if (told.kind === 'calls')
    return told.calls.flatMap(({ name, input }, index) => [
      frame('content_block_start', { index, content_block: { type: 'tool_use', id: `toolu_${randomUUID()}`, name, input: {} } }),
      ...piecesOf(typeof input === 'string' ? input : JSON.stringify(input)).map((piece) =>
        frame('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } }),
      ),
      frame('content_block_stop', { index }),
    ]);
  return [
    frame('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    frame('ping', {}),
    ...piecesOf(textOf(told)).map((text) => frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    frame('content_block_stop', { index: 0 }),
  ];
}

/** The events of Anthropic's Messages API. */
export function messagesFrames(told: Told, model: string, prompt: number): readonly Frame[] {
  const usage = usageOf(told, prompt);
  const frame = (event: string, fields: Record<string, unknown>): Frame => ({ event, data: { type: event, ...fields } });
  const stop = { text: 'end_turn', calls: 'tool_use', refusal: 'refusal', length: 'max_tokens' }[told.kind];
  const message = {
    id: `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input - usage.cached,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: usage.cached,
      output_tokens: 1,
    },
  };
  return [
    frame('message_start', { message }),
    ...blockFrames(told, frame),
    frame('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: usage.output } }),
    frame('message_stop', {}),
  ];
}
