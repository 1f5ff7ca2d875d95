import type { ToolAnswer, ToolCall } from '../tools/contract.ts';
import { carried } from './isolate/call.ts';

/** One read that somebody asked for by itself, carried to the runner of its site. What does not get there is an answer too. */
export function read(call: ToolCall): Promise<ToolAnswer> {
  return carried(call);
}
