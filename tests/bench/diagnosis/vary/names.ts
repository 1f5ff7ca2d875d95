import { table } from '../recorded/table.ts';
import { mapped, type Recording, shuffled, type Variation } from './variation.ts';

const listOf = ({ cache, namespace }: Recording, type: string): string[] =>
  table(String(cache[`GetResources:{"resource_type":"${type}","name":"","namespace":"${namespace}"}`] ?? '')).flatMap(
    ({ NAME }) => NAME ?? [],
  );

/** kubectl pads its cells to the width of their column: names of another length move it. */
export function padded(text: string, change: (text: string) => string): string {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.trim() !== '');
  const rows = /^[A-Z][A-Z-]+ {2,}[A-Z]/.test(lines[head] ?? '') ? table(text) : [];
  if (rows.length === 0) return change(text);
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => change(row[column] ?? '')))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)) + 3);
  return cells.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('')).join('\n');
}

const plain = (name: string) => name.replaceAll('-', '');
/** `ts-seat-service` → `seat`: the word by which variables and paths name a service. */
const wordOf = (name: string) => name.replace(/^ts-/, '').replace(/-?service$/, '');
/** `PRODUCT_CATALOG` and `PRODUCTCATALOG` name the same. */
const asVariable = (name: string) => plain(wordOf(name)).toUpperCase();

/** All at once, longest first, so that no name is renamed twice or within another one. */
function replacer(pairs: ReadonlyMap<string, string>): (text: string) => string {
  const names = [...pairs.keys()].toSorted((a, b) => b.length - a.length).map((name) => RegExp.escape(name));
  const pattern = new RegExp(`(?<![A-Za-z0-9-])(${names.join('|')})(?![A-Za-z0-9])`, 'g');
  return (text) => text.replace(pattern, (name) => pairs.get(name) ?? name);
}

function renamed(given: Recording, pairs: ReadonlyMap<string, string>): Recording {
  const names = replacer(pairs);
  const words = new Map([...pairs].flatMap(([from, to]): [string, string][] => [[wordOf(from), wordOf(to)]]));
  const paths = new Map([...words].map(([from, to]) => [`${plain(from)}service`, `${plain(to)}service`]));
  const lower = (text: string) =>
    text.replace(/(\/api\/v1\/)([a-z0-9]+)/gi, (_, lead: string, word: string) => `${lead}${paths.get(word) ?? word}`);
  const ids = (text: string) =>
    text.replace(/(- id: )([a-z0-9-]+)$/gm, (_, lead: string, word: string) => `${lead}${words.get(word) ?? word}`);
  const upper = new Map([...pairs].map(([from, to]) => [asVariable(from), asVariable(to)]));
  const variables = (text: string) =>
    text.replace(
      /\b([A-Z0-9_]+?)(_SERVICE_(?:ADDR|HOST|PORT)\b)/g,
      (_, word: string, rest: string) => `${upper.get(word.replaceAll('_', '')) ?? word}${rest}`,
    );
  const change = (text: string) => variables(ids(lower(names(text))));
  return mapped(given, (text) => padded(text, change));
}

const services = (given: Recording) => {
  const all = listOf(given, 'deployments');
  return all.length > 0 ? all : [given.answer.fault_object.replace(/^app\//, '')];
};

/** The faulty service, and every other, bears the name of another one of the same system. */
export const otherServices: Variation = (given, random) => {
  const names = services(given);
  const others = shuffled(names, random);
  return renamed(given, new Map(names.map((name, at) => [name, others[at] ?? name])));
};

/** Names that neither system has. */
export const newNames: Variation = (given) => {
  const names = services(given);
  const fresh = names.map(
    (name, at) =>
      [
        name,
        `unit${'abcdefghijklmnopqrstuvwxyz'.charAt(at % 26)}${Math.floor(at / 26)}${name.startsWith('ts-') ? '-app' : 'service'}`,
      ] as const,
  );
  return renamed(given, new Map(fresh));
};

/** Nodes are called otherwise, and the workers change places. */
export const otherNodes: Variation = (given, random) => {
  const workers = ['worker-01', 'worker-02', 'worker-03'];
  const others = shuffled(['pool-a-7xk2', 'ip-10-0-3-17', 'worker-02'], random);
  return mapped(given, (text) => padded(text, replacer(new Map(workers.map((name, at) => [name, others[at] ?? name])))));
};

/** Pods and replica sets have other hashes. */
export const otherHashes: Variation = (given) => {
  const sets = listOf(given, 'replicasets');
  const pairs = new Map(
    sets.map((name) => {
      const [, base = '', hash = ''] = /^(.*)-([a-z0-9]+)$/.exec(name) ?? [];
      return [name, `${base}-${[...hash].toReversed().join('')}`];
    }),
  );
  return pairs.size === 0 ? null : mapped(given, (text) => padded(text, replacer(pairs)));
};
