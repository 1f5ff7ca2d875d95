import { canonicalJson } from '../../tools/canonical.ts';
import { commitmentOf, commitmentTo } from './commitment.ts';
import { hasDuplicateKeys } from './json-keys.ts';
import { type Hash, leafHash, leafHashWithin } from './tree.ts';

/** An entry of an export, as far as it can be judged by itself. */
export interface ReadEntry {
  readonly seq: number;
  /** Null: its content does not give the leaf hash that stands beside it, or there is no content. */
  readonly leaf: Hash | null;
  /** Whether there is content. */
  readonly there: boolean;
  /** How many words were opened. */
  readonly opened: number;
  /** A field whose words are not those that were committed to; null: none. */
  readonly wrongWords: string | null;
}

const zero = 0x30;
const hashLength = 64;
const keys = { seq: '{"seq":', leaf: ',"leaf":"', body: ',"body":', disclosures: ',"disclosures":' } as const;
const bodyKey = Buffer.from(keys.body);

/** Whether the body has that commitment under that field. */
type Committed = (field: string, commitment: string) => boolean;

type Words = Pick<ReadEntry, 'opened' | 'wrongWords'>;

const noWords: Words = { opened: 0, wrongWords: null };

function openAll(disclosures: unknown, committed: Committed): Words {
  if (disclosures === undefined || disclosures === null) return noWords;
  if (typeof disclosures !== 'object') return { opened: 0, wrongWords: 'disclosures' };
  const said = Object.entries(disclosures);
  const wrong = said.find(([field, disclosure]) => !committed(field, commitmentOf(disclosure) ?? ''));
  return { opened: said.length, wrongWords: wrong?.[0] ?? null };
}

/** The usual form: one field, with text whose JSON is its RFC 8785 form already. */
const plainWords = /^\{"(\w+)":\{"salt":"([0-9a-f]{64})","value":("[ !#-[\]-~]*")\}\}$/;

/** `text`: JSON of the disclosures. */
function openText(text: string, committed: Committed): Words {
  const [, field, salt, value] = plainWords.exec(text) ?? [];
  if (field === undefined || salt === undefined || value === undefined) {
    if (hasDuplicateKeys(text)) throw new SyntaxError('a key stands there twice');
    return openAll(JSON.parse(text), committed);
  }
  return { opened: 1, wrongWords: committed(field, commitmentTo(salt, value)) ? null : field };
}

/**
 * Any JSON of an entry: its body is brought into the form that is hashed. What no hash speaks for is refused: a key that is none of
 * ours, and a second one of the same name, which another reader might take instead. Throws SyntaxError, TypeError.
 */
function readSlowly(line: string): ReadEntry | null {
  const { seq, leaf, body, disclosures, raw, ...others } = JSON.parse(line) as Record<string, unknown>;
  if (Object.keys(others).length > 0 || (raw !== undefined && body !== null) || hasDuplicateKeys(line)) return null;
  if (!Number.isSafeInteger(seq) || typeof leaf !== 'string') return null;
  const there = typeof body === 'object' && body !== null;
  const holds = there && leafHash(Buffer.from(canonicalJson(body), 'utf8')) === leaf;
  if (!holds) return { seq: seq as number, leaf: null, there, ...noWords };
  const data = (body as { data?: Record<string, { commitment?: string } | undefined> }).data ?? {};
  return { seq: seq as number, leaf, there, ...openAll(disclosures, (field, commitment) => data[field]?.commitment === commitment) };
}

/** Without reading the whole body: what a field is committed to is the only object of that form in it. */
function committedIn(buffer: Buffer, from: number, end: number): Committed {
  return (field, commitment) => {
    const found = buffer.indexOf(`${JSON.stringify(field)}:{"commitment":"${commitment}"}`, from, 'latin1');
    return found !== -1 && found < end;
  };
}

const stands = (buffer: Buffer, at: number, text: string) => buffer.toString('latin1', at, at + text.length) === text;

/** As the program writes it, byte for byte: the body is there as it was hashed, and before it nothing but words. Null where it is written in another way. */
function readFast(buffer: Buffer, from: number, end: number): ReadEntry | null {
  if (!stands(buffer, from, keys.seq) || !stands(buffer, end - 1, '}')) return null;
  let at = from + keys.seq.length;
  let seq = 0;
  for (let digit = (buffer[at] ?? 0) - zero; digit >= 0 && digit <= 9; digit = (buffer[at] ?? 0) - zero) {
    seq = seq * 10 + digit;
    at += 1;
  }
  if (!stands(buffer, at, keys.leaf)) return null;
  const hashAt = at + keys.leaf.length;
  const leaf = buffer.toString('latin1', hashAt, hashAt + hashLength);
  const rest = hashAt + hashLength + 1;
  const silent = stands(buffer, rest - 1, `"${keys.body}`);
  if (!silent && !stands(buffer, rest - 1, `"${keys.disclosures}{`)) return null;
  const bodyAt = silent ? rest : buffer.indexOf(bodyKey, rest);
  if (bodyAt === -1 || bodyAt >= end) return null;
  const body = bodyAt + bodyKey.length;
  const words = silent ? null : buffer.toString('utf8', rest + keys.disclosures.length, bodyAt);
  const kept = buffer[body - 1] ?? 0;
  const hash = leafHashWithin(buffer, body, end - 1);
  buffer[body - 1] = kept;
  if (hash !== leaf) return null;
  const { opened, wrongWords } = words === null ? noWords : openText(words, committedIn(buffer, body, end));
  return { seq, leaf, there: true, opened, wrongWords };
}

/** `buffer` from `from` up to `end`: one line of JSON that begins with `{"seq":`. Null: it is no entry. Throws SyntaxError, TypeError. */
export function readEntryLine(buffer: Buffer, from: number, end: number): ReadEntry | null {
  return readFast(buffer, from, end) ?? readSlowly(buffer.toString('utf8', from, end));
}
