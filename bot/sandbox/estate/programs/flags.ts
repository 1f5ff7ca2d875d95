import { notSimulated, Refusal } from './program.ts';

export type FlagType = 'string' | 'bool' | 'int' | 'duration';

/** A flag of the real program. `simulated: false`: it exists, and the estate refuses it. */
export interface Flag {
  readonly type: FlagType;
  readonly short?: string;
  readonly simulated?: false;
}

export type Flags = Readonly<Record<string, Flag>>;

export interface ParsedFlags {
  readonly args: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

/** pflag's grammar: `--flag=value`, `--flag value`, `-n value`, `-nvalue`, `-n=value`, `--bool`, `--` ends flags. Throws Refusal in pflag's words. */
export function parseFlags(argv: readonly string[], flags: Flags, usage: string): ParsedFlags {
  const fail = (message: string) => new Refusal(`error: ${message}\n${usage}`);
  const args: string[] = [];
  const values = new Map<string, string>();
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') {
      args.push(...argv.slice(index + 1));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      args.push(word);
      continue;
    }
    const { name, shown, inline } = split(word, flags, fail);
    const flag = flags[name] as Flag;
    const needsNext = inline === null && flag.type !== 'bool';
    const next = argv[index + 1];
    if (needsNext && next === undefined)
      throw fail(`flag needs an argument: ${word.startsWith('--') ? word : `'${word.at(-1)}' in ${word}`}`);
    if (needsNext) index += 1;
    const value = inline ?? (flag.type === 'bool' ? 'true' : (next ?? ''));
    check(value, flag, shown, fail);
    if (flag.simulated === false) throw notSimulated(`the flag --${name}`);
    values.set(name, value);
  }
  return { args, values };
}

type Fail = (message: string) => Refusal;

function split(word: string, flags: Flags, fail: Fail): { name: string; shown: string; inline: string | null } {
  if (word.startsWith('--')) {
    const [name = '', ...rest] = word.slice(2).split('=');
    if (!Object.hasOwn(flags, name)) throw fail(`unknown flag: --${name}`);
    return { name, shown: `--${name}`, inline: rest.length === 0 ? null : rest.join('=') };
  }
  const short = word[1] ?? '';
  const name = Object.keys(flags).find((key) => flags[key]?.short === short);
  if (name === undefined) throw fail(`unknown shorthand flag: '${short}' in ${word}`);
  const rest = word.slice(2);
  return { name, shown: `-${short}, --${name}`, inline: rest === '' ? null : rest.replace(/^=/, '') };
}

function check(value: string, flag: Flag, shown: string, fail: Fail): void {
  const invalid = (reason: string) => fail(`invalid argument "${value}" for "${shown}" flag: ${reason}`);
  if (flag.type === 'int' && !/^[+-]?\d+$/.test(value)) throw invalid(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  if (flag.type === 'bool' && !/^(true|false|1|0|t|f|T|F|TRUE|FALSE|True|False)$/.test(value))
    throw invalid(`strconv.ParseBool: parsing "${value}": invalid syntax`);
  if (flag.type === 'duration' && milliseconds(value) === null) throw invalid(`time: invalid duration "${value}"`);
}

export function isSet(flags: ParsedFlags, name: string): boolean {
  return ['true', '1', 't', 'T', 'TRUE', 'True'].includes(flags.values.get(name) ?? '');
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Go duration of whole or fractional parts, e.g. `1m30s`; null when it is none. */
export function milliseconds(duration: string): number | null {
  if (duration === '0') return 0;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) return null;
  return [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (total, [, count, unit]) => total + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}
