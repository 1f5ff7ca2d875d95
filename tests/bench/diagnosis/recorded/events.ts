import type { SeenEvent } from '../../../../workflows/diagnosis/model/workload.ts';
import { seconds, table } from './table.ts';

interface At {
  readonly observation: string;
  readonly site: string;
  readonly namespace: string;
}

const count = (age: string) => Number(/\(x(\d+)/.exec(age)?.[1] ?? 1);

/** The table of `kubectl get events`. */
export function listedEvents(text: string, at: At): SeenEvent[] {
  return table(text).map((row) => {
    const [kind = '', ...name] = (row['OBJECT'] ?? '').split('/');
    const age = row['LAST SEEN'] ?? '';
    return {
      ...at,
      kind: kind.toLowerCase(),
      name: name.join('/'),
      warning: row['TYPE'] === 'Warning',
      reason: row['REASON'] ?? '',
      message: row['MESSAGE'] ?? '',
      count: count(age),
      age: seconds(age),
    };
  });
}

/** The events at the end of a description. */
export function describedEvents(text: string, kind: string, name: string, at: At): SeenEvent[] {
  const start = text.search(/^Events:/m);
  const lines = start < 0 ? [] : text.slice(start).split('\n').slice(3);
  return lines.flatMap((line) => {
    const [type, reason, age, _from, ...message] = line.trim().split(/\s{2,}/);
    if (type === undefined || reason === undefined || age === undefined || message.length === 0) return [];
    return [{ ...at, kind, name, warning: type === 'Warning', reason, message: message.join('  '), count: count(age), age: seconds(age) }];
  });
}
