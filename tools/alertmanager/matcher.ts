import { z } from 'zod';
import { argument, LabelName } from '../grammar.ts';

export const MatchOperator = z.enum(['=', '!=', '=~', '!~']);

/** One label matcher of Alertmanager, e.g. `alertname="HighErrors"`. */
export const Matcher = z.strictObject({
  name: LabelName,
  op: MatchOperator,
  value: argument(500),
});
export type Matcher = z.infer<typeof Matcher>;

/** At least one of them names a value: a silence over everything is never what helps, and regular expressions for anything have many spellings. */
export const Matchers = z
  .array(Matcher)
  .min(1)
  .max(20)
  .refine((all) => all.some(({ op }) => op === '='), 'at least one matcher must name what is silenced, by =');

/** As amtool reads it: always quoted, so that no value can be taken for another operator. */
export function textOf({ name, op, value }: Matcher): string {
  return `${name}${op}"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Equal for the same matchers in whatever order. */
export function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  const key = (all: readonly Matcher[]): string => JSON.stringify(all.map(textOf).toSorted());
  return key(a) === key(b);
}
