import type { ModelRequest } from '../../workflows/model.ts';
import type { LlmCallOutcome } from '../store/llm-calls.ts';
import { jsonOf } from './answer-schema.ts';
import type { ProviderAnswer } from './providers/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface ReadAnswer<T> {
  readonly outcome: LlmCallOutcome;
  /** Null: it is no use. */
  readonly result:
    | { readonly kind: 'answer'; readonly value: T }
    | { readonly kind: 'calls'; readonly calls: readonly { tool: string; input: unknown }[] }
    | null;
}

/** An answer with the real names in it, in the form asked for. */
export function readAnswer<T>(request: Pick<ModelRequest<T>, 'schema'>, names: Pseudonyms, answer: ProviderAnswer): ReadAnswer<T> {
  if (answer.stop !== 'end') return { outcome: answer.stop, result: null };
  if (answer.calls.length > 0) {
    const calls = answer.calls.map(({ name, input }) => ({ tool: name, input: names.reveal(jsonOf(input)) }));
    return { outcome: 'calls', result: { kind: 'calls', calls } };
  }
  const parsed = request.schema.safeParse(names.reveal(jsonOf(answer.text)));
  return parsed.success ? { outcome: 'answer', result: { kind: 'answer', value: parsed.data } } : { outcome: 'malformed', result: null };
}
