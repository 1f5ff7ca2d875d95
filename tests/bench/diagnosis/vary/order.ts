import { seconds } from '../recorded/table.ts';
import { padded } from './names.ts';
import { answered, type Recording, shuffled, type Variation } from './variation.ts';

/** The rows of every list come in another order, and so do the outputs. */
export const otherOrder: Variation = (given, random) => {
  const cache = Object.fromEntries(shuffled(Object.entries(given.cache), random));
  return answered({ ...given, cache }, (output, key) => {
    if (typeof output !== 'string' || !key.startsWith('GetResources:') || /output_yaml/.test(key)) return output;
    const [header = '', ...rows] = output.split('\n').filter((line) => line.trim() !== '');
    return /^[A-Z]/.test(header) && rows.length > 1 ? [header, ...shuffled(rows, random)].join('\n') : output;
  });
};

function written(total: number): string {
  const whole = Math.max(0, Math.round(total));
  const units = [
    ['d', Math.floor(whole / 86_400)],
    ['h', Math.floor((whole % 86_400) / 3_600)],
    ['m', Math.floor((whole % 3_600) / 60)],
    ['s', whole % 60],
  ] as const;
  const parts = units.filter(([, value]) => value > 0).map(([unit, value]) => `${value}${unit}`);
  return parts.length === 0 ? '0s' : parts.join('');
}

/** Everything that has an age is so many times as old. */
const aged =
  (factor: number): Variation =>
  (given) => {
    const age = (text: string) => written((seconds(text) ?? 0) * factor);
    const change = (cell: string) => cell.replace(/(?<=^|\s|\()((?:\d+[dhms])+)(?=\)?( |$))/g, age);
    const line = (text: string) =>
      text.replace(/(?<=\s|\()((?:\d+[dhms])+)(\)?)( {2,}|$)/gm, (_, old: string, close: string) => `${age(old)}${close}   `);
    return answered(given, (output, key) => {
      if (typeof output !== 'string' || /output_yaml/.test(key)) return output;
      if (key.startsWith('DescribeResource')) return line(output).replace(/(?<=\s)((?:\d+[dhms])+)(?= \(x)/g, age);
      return key.startsWith('GetResources') ? padded(output, change) : output;
    });
  };

export const older: Variation = aged(2.5);
export const younger: Variation = aged(0.4);

const onlyEvents = (given: Recording, keep: (line: string, at: number) => boolean): Recording | null =>
  answered(given, (output, key) => {
    if (typeof output !== 'string') return output;
    if (/"resource_type":"events"/.test(key)) {
      const [header = '', ...rows] = output.split('\n');
      return [header, ...rows.filter(keep)].join('\n');
    }
    const start = key.startsWith('DescribeResource') ? output.search(/^Events:/m) : -1;
    if (start < 0) return output;
    const lines = output.slice(start).split('\n');
    return output.slice(0, start) + [...lines.slice(0, 3), ...lines.slice(3).filter(keep)].join('\n');
  });

/** Of each list of events the half that came last is lost. */
export const halfTheEvents: Variation = (given, random) => onlyEvents(given, () => random() < 0.5);
/** Only warnings were kept. */
export const warningsOnly: Variation = (given) => onlyEvents(given, (line) => /\bWarning\b/.test(line));
