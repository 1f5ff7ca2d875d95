import type { ObservationHead } from '../store/observations.ts';

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What was looked at, as far as the input names it in words. */
function subjectOf(input: Readonly<Record<string, unknown>>): string | null {
  const [kind, name, pod, expr, namespace] = ['kind', 'name', 'pod', 'expr', 'namespace'].map((key) => text(input[key]));
  if (pod) return `pod ${pod}`;
  if (name) return kind ? `${kind} ${name}` : name;
  return expr ?? namespace ?? null;
}

const modes = { run: '', dry_run: ' (dry run)', render: ' (command line)' } as const;

/** `kubernetes.logs (dry run): pod checkout-1`. */
export function observationLabel({ operation, mode, input }: ObservationHead): string {
  const subject = subjectOf(input);
  return `${operation}${modes[mode]}${subject === null ? '' : `: ${subject}`}`;
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, noun: string): string {
  if (noun === 'memory') return `${count} ${count === 1 ? 'memory' : 'memories'}`;
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
