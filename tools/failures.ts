import { clean } from './clean.ts';
import type { ToolErrorCode } from './contract.ts';
import type { Redactor } from './ports.ts';
import { programOf } from './systems.ts';

/** What a program's message means. */
export function failureCode(binary: string, stderr: string): ToolErrorCode {
  return programOf(binary)?.failures.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'failed';
}

/** What an HTTP status of 400 or more means. */
export function httpFailureCode(status: number): ToolErrorCode {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 400 || status === 422) return 'bad_input';
  if (status === 429) return 'throttled';
  return status === 502 || status === 503 || status === 504 ? 'unreachable' : 'failed';
}

/** Characters at the end of what was printed, among which the message is. */
const looked = 65_536;

/**
 * The line that says what went wrong: the last one, since client libraries log before it. At most 500 characters, of what is redacted: a
 * line by itself, or half of one, may hold a secret that no rule knows without the rest.
 */
export function failureMessage(text: string, redactor: Pick<Redactor, 'text'>): string {
  const { text: redacted } = redactor.text(clean(text.slice(-looked)));
  // What stood where it was cut may be half a secret.
  const known = text.length > looked ? redacted.slice(redacted.search(/\s|$/)) : redacted;
  const lines = known.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'no message').slice(0, 500).toWellFormed();
}
