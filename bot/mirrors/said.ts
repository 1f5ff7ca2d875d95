import type { LedgerEntry } from '../sandbox/peer/database.ts';
import type { AuditEntry } from '../store/audit-list.ts';
import { kindRow, kinds } from './kinds.ts';
import { headlineOf } from './words.ts';

/** Calls of that operation that had an effect. */
export function effects(ledger: readonly LedgerEntry[], operation: string): readonly LedgerEntry[] {
  return ledger.filter((entry) => entry.operation === operation && entry.effect !== null);
}

const verdicts = ['allow', 'deny', 'needs_approval'];
const headlines = Object.keys(kinds)
  .flatMap((kind) => [headlineOf(kind), ...verdicts.map((verdict) => headlineOf(kind, { verdict }))])
  .toSorted((a, b) => b.length - a.length);

/** The headline with which a text begins, time and marks left out. */
function headlineIn(text: string): string | null {
  const words = text.replaceAll('**', '').replace(/^(- )?\d\d:\d\d:\d\d /, '');
  return headlines.find((headline) => words.startsWith(headline)) ?? null;
}

/** What each of the texts says, in their order: a decision, or one in each line. */
function decisionsIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const lines = text.split('\n').filter((line) => /^(- )?\d\d:\d\d:\d\d /.test(line));
    return (lines.length > 0 ? lines : [text.split('\n')[0] ?? '']).flatMap((line) => headlineIn(line) ?? []);
  });
}

/** Headlines of the decisions that comments hold, as the local Linear got them. */
export function saidInLinear(ledger: readonly LedgerEntry[], issueId?: string): readonly string[] {
  const inputs = effects(ledger, 'commentCreate').map((entry) => (entry.input as { input: { body: string; issueId: string } }).input);
  return decisionsIn(inputs.filter((input) => issueId === undefined || input.issueId === issueId).map((input) => input.body));
}

/** Texts of notes, as the local PagerDuty got them. */
export function notesIn(ledger: readonly LedgerEntry[]): readonly string[] {
  return effects(ledger, 'notes.create').map((entry) => (entry.input as { note: { content: string } }).note.content);
}

/** Headlines of the decisions that notes hold. */
export function saidInPagerDuty(ledger: readonly LedgerEntry[]): readonly string[] {
  return decisionsIn(notesIn(ledger));
}

/** Headlines of what the audit log has for that peer: what it should have been told, in order. */
export function recordedFor(peer: 'linear' | 'pagerduty', entries: readonly Pick<AuditEntry, 'body'>[]): readonly string[] {
  return entries.flatMap(({ body }) => {
    const manner = kindRow(body.kind)?.[peer];
    return manner === undefined || manner === 'quiet' ? [] : [headlineOf(body.kind, body.data)];
  });
}
