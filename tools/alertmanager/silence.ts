import { z } from 'zod';
import { NotFound } from '../errors.ts';
import { argument, Comment } from '../grammar.ts';
import { parseJson } from '../json.ts';
import type { CliCommand, HttpCommand, SiteFacts } from '../operation.ts';
import { alertmanagerApi, amtool, either } from './amtool.ts';
import { type Matcher, Matchers, MatchOperator, sameMatchers } from './matcher.ts';

export const SilenceId = argument(36).regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be the id of a silence');

/** A silence by its id, or as it was added. */
export const Which = z.union([z.strictObject({ id: SilenceId }), z.strictObject({ matchers: Matchers, comment: Comment })]);
export type Which = z.infer<typeof Which>;

export const Silence = z.object({
  id: z.string(),
  /** `active` or `pending`. */
  state: z.string(),
  matchers: z.array(z.object({ name: z.string(), op: MatchOperator, value: z.string() })),
  createdBy: z.string(),
  comment: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
});
export type Silence = z.infer<typeof Silence>;

const Answer = z.array(
  z.object({
    ...{ id: z.string(), createdBy: z.string(), comment: z.string(), startsAt: z.string(), endsAt: z.string() },
    status: z.object({ state: z.string() }),
    matchers: z.array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) })),
  }),
);

function operatorOf({ isRegex, isEqual }: { isRegex: boolean; isEqual: boolean }): Matcher['op'] {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

/** Silences that hold or will hold. amtool leaves out the expired ones, the API does not. */
export function silencesOf(stdout: string): Silence[] {
  const all = parseJson(Answer, stdout).filter(({ status }) => status.state !== 'expired');
  return all.map(({ status, matchers, ...silence }) => ({
    ...silence,
    state: status.state,
    matchers: matchers.map((matcher) => ({ name: matcher.name, op: operatorOf(matcher), value: matcher.value })),
  }));
}

/** What the API takes: a beginning that has passed is now. */
export function newSilence(matchers: readonly Matcher[], comment: string, startsAt: string, endsAt: string): object {
  return {
    matchers: matchers.map(({ name, op, value }) => ({ name, value, isRegex: op.endsWith('~'), isEqual: op.startsWith('=') })),
    ...{ startsAt, endsAt, comment, createdBy: 'watchkeeper' },
  };
}

/** Of the only such silence. Throws NotFound. */
export function onlyId(which: Which, stdout: string): string {
  const [only, ...more] = matching(which, silencesOf(stdout));
  if (only === undefined) throw new NotFound('there is no such silence');
  if (more.length > 0) throw new NotFound('there are several such silences');
  return only.id;
}

export function allSilences(site: SiteFacts): CliCommand | HttpCommand {
  return either(site, amtool(site, ['silence', 'query'], ['--output=json']), alertmanagerApi('silences'));
}

export function matching(which: Which, silences: readonly Silence[]): Silence[] {
  return silences.filter((silence) =>
    'id' in which ? silence.id === which.id : silence.comment === which.comment && sameMatchers(silence.matchers, which.matchers),
  );
}
