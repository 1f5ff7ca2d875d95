import { link } from './escape.ts';
import type { Links } from './links.ts';

/** A decision that is an entry of the audit log, as far as a message has to tell which one. */
export interface Recorded {
  /** Of the entry: its place in the log is known a second later only. */
  readonly id: string;
  /** e.g. `vote.recorded` */
  readonly kind: string;
  /** The vote that it records; null for other kinds. */
  readonly vote: string | null;
  /** The step that it is about; null for other kinds. */
  readonly step: string | null;
}

/** A link to the proof that the newest decision that fits is in the signed log; nothing where there is none, or no address. */
export function proof(links: Links, recorded: readonly Recorded[], fits: (entry: Recorded) => boolean, label = 'proof'): string[] {
  const entry = recorded.findLast(fits);
  const url = entry === undefined ? null : links.proof(entry.id);
  return url === null ? [] : [link(url, label)];
}
