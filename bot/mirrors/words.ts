import { kindRow } from './kinds.ts';
import type { OutboxRow } from './ports.ts';

/** What a decision says to people: a sentence, fields below it, and what proves it. Values are redacted and not escaped: each sink escapes in its own way. */
export interface Words {
  readonly headline: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Observations. */
  readonly evidence: readonly { readonly name: string; readonly id: string }[];
}

type Said = Pick<OutboxRow, 'kind' | 'body'>;

/** In this order; what a decision lacks is left out. */
const shown: readonly (readonly [string, string])[] = [
  ['title', 'Title'],
  ['outcome', 'Outcome'],
  ['summary', 'Summary'],
  ['goal', 'Goal'],
  ['verdict', 'Verdict'],
  ['person', 'Person'],
  ['channel', 'By way of'],
  ['operation', 'Operation'],
  ['step', 'Step'],
  ['tier', 'Risk tier'],
  ['needed', 'Approvals needed'],
  ['reason', 'Reason'],
  ['reasons', 'Reasons'],
  ['message', 'Message'],
  ['code', 'Code'],
  ['service', 'Service'],
  ['site', 'Site'],
  ['confidence', 'Confidence'],
  ['runner', 'Runner'],
  ['bundle', 'Policy bundle'],
  ['expiresAt', 'Expires'],
  ['requestHash', 'Request hash'],
];

function words(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value))
    return (
      value
        .map(words)
        .filter((one) => one !== null)
        .join('; ') || null
    );
  return null;
}

/** Fields that a line has room for. */
const brief: ReadonlySet<string> = new Set([
  'title',
  'outcome',
  'summary',
  'goal',
  'verdict',
  'person',
  'operation',
  'step',
  'reason',
  'reasons',
  'message',
]);

const proofs: readonly (readonly [string, string])[] = [
  ['before', 'State before'],
  ['output', 'Output'],
  ['verification', 'Verification'],
  ['rollbackOutput', 'Output of the rollback'],
  ['rollbackVerification', 'Verification of the rollback'],
];

/** The sentence with which a decision of that kind begins. */
export function headlineOf(kind: string, data: OutboxRow['body']['data'] = {}): string {
  const known = kindRow(kind)?.headline;
  if (typeof known === 'function') return known(data);
  if (known !== undefined) return known;
  const text = kind.replaceAll(/[._]/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Observations that a finding names: `supports <id>; contradicts <id>`. */
function findingProofs(value: unknown): Words['evidence'] {
  if (typeof value !== 'string') return [];
  return Array.from(value.matchAll(/(supports|contradicts) ([0-9a-f]{64})/g), ([, relation = '', id = '']) => ({
    name: relation === 'supports' ? 'Supported by' : 'Contradicted by',
    id,
  }));
}

function evidenceOf(data: OutboxRow['body']['data']): Words['evidence'] {
  const own = proofs.flatMap(([key, name]) => {
    const id = data[key];
    return typeof id === 'string' && /^[0-9a-f]{64}$/.test(id) ? [{ name, id }] : [];
  });
  return [...own, ...findingProofs(data['observations'])];
}

/** Values that are names in code. */
const coded: ReadonlySet<string> = new Set(['verdict', 'outcome']);

function fieldsOf({ body: { data } }: Said, wanted: (key: string) => boolean): Words['fields'] {
  return shown.flatMap(([key, name]) => {
    const value = wanted(key) ? words(data[key]) : null;
    return value === null ? [] : [{ name, value: coded.has(key) ? value.replaceAll('_', ' ') : value }];
  });
}

function byWhom({ body: { actor, data } }: Said): Words['fields'] {
  // The reason of some decisions ends in who gave it.
  const said = typeof data['reason'] === 'string' && data['reason'].endsWith(` by ${actor.id}`);
  return actor.kind === 'person' && !('person' in data) && !said ? [{ name: 'By', value: actor.id }] : [];
}

/** Works on any body: unknown kinds and missing fields cost words, never a failure. Values are redacted here, before a sink's escaping could hide a secret from the rules. */
export function wordsOf(row: Said, redact: (text: string) => string): Words {
  const { data, planId } = row.body;
  const plan = planId === null ? [] : [{ name: 'Plan', value: planId }];
  const fields = [...fieldsOf(row, () => true), ...byWhom(row), ...plan];
  return {
    headline: headlineOf(row.kind, data),
    fields: fields.map(({ name, value }) => ({ name, value: redact(value) })),
    evidence: evidenceOf(data),
  };
}

/** The same in one line, e.g. `10:00:03 Vote recorded: approve; by alice`. Redacted and not escaped. */
export function lineOf(
  row: Said,
  redact: (text: string) => string,
): { readonly time: string; readonly headline: string; readonly rest: string } {
  const by = byWhom(row).map(({ value }) => `by ${value}`);
  // What policy decided is the headline.
  const decided = row.kind.startsWith('policy.');
  const parts = [...fieldsOf(row, (key) => brief.has(key) && !(decided && key === 'verdict')).map(({ value }) => value), ...by];
  const rest = parts.map((part, index) => (index < parts.length - 1 ? part.replace(/\.$/, '') : part)).join('; ');
  return { time: row.body.at.slice(11, 19), headline: headlineOf(row.kind, row.body.data), rest: redact(rest) };
}
