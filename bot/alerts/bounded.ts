import type { Redactor } from '../../tools/ports.ts';

/** Redacted, then cut: a cut could leave half a secret that no rule knows any more. */
export function bounded(redact: Redactor, text: string, max: number): string {
  const safe = redact.text(text).text;
  return safe.length <= max ? safe : `${safe.slice(0, max - 1).toWellFormed()}…`;
}

const mostLabels = 64;

/** Labels as they are kept: not too many, and none too long. */
export function boundedLabels(redact: Redactor, labels: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(labels).slice(0, mostLabels);
  return Object.fromEntries(kept.map(([name, value]) => [name.slice(0, 200), bounded(redact, value, 500)]));
}
