import type { Step } from '../workflows/contracts/plan.ts';
import { quoteArgv } from './shell.ts';

type Via = Step['via'];
type One = Exclude<Via, { kind: 'sequence' }>;

/** A command line as it could be typed, or an HTTP request. */
function lineOf(via: One): string {
  return via.kind === 'cli' ? quoteArgv([via.binary, ...via.argv]) : `${via.method} ${via.url}`;
}

/** Each program or request of it, a line each. */
export function commandLines(via: Via): string[] {
  if (via.kind !== 'sequence') return [lineOf(via)];
  return via.of.map((one) => `${one.when === null ? '' : `[${one.when}] `}${lineOf(one.via)}`);
}

function hashed(via: One): string {
  const [what, hash] = via.kind === 'cli' ? ['standard input', via.stdinSha256] : ['body', via.bodySha256];
  return `${lineOf(via)}${hash === null ? '' : `\n# ${what}: sha256 ${hash}`}`;
}

/** The same, with the hash of what goes in. */
export function commandText(via: Via): string {
  if (via.kind !== 'sequence') return hashed(via);
  return via.of.map((one) => `${one.when === null ? '' : `# ${one.when}:\n`}${hashed(one.via)}`).join('\n');
}
