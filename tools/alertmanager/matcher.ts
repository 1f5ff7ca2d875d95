import { z } from 'zod';
import { argument } from '../grammar.ts';

export const MatchOperator = z.enum(['=', '!=', '=~', '!~']);

/** One label matcher of Alertmanager, e.g. `alertname="HighErrors"`. */
export const Matcher = z.strictObject({
  name: argument(200).regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label'),
  op: MatchOperator,
  value: argument(500),
});
export type Matcher = z.infer<typeof Matcher>;

/** Regular expressions that anything matches, as people write them. */
const anything = /^[\^(]*\.[*+]?[)$]*$/;

function narrows({ op, value }: Matcher): boolean {
  return op === '=' || (op === '=~' && !anything.test(value));
}

/** At least one of them says which alerts are meant: a silence over everything is never what helps. */
export const Matchers = z
  .array(Matcher)
  .min(1)
  .max(20)
  .refine((all) => all.some(narrows), 'at least one matcher must name what is silenced');

/** As amtool reads it: always quoted, so that no value can be taken for another operator. */
export function textOf({ name, op, value }: Matcher): string {
  return `${name}${op}"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Equal for the same matchers in whatever order. */
export function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const key = (all: readonly Matcher[]): string => JSON.stringify(all.map(textOf).toSorted());
  return key(a) === key(b);
}
