import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../../tools/canonical.ts';
import { type CompiledFile, compilePlaybook } from './compile.ts';
import type { CompiledPlaybook, Operations, Origin, PlaybookSet } from './compiled.ts';
import { type PlaybookProblem, problemLine } from './source.ts';

/** Names each file and what is wrong in it. */
export class PlaybookInvalid extends Error {
  readonly code = 'playbook_invalid';
  constructor(problems: readonly PlaybookProblem[]) {
    super(problems.map((problem) => `playbook ${problemLine(problem)}`).join('\n'));
    this.name = 'PlaybookInvalid';
  }
}

/** Where those are that come with the program. */
export const shippedDirectory = import.meta.dirname;

/** Files of a directory. */
const mostFiles = 300;

export const isPlaybookFile = (name: string): boolean => name.endsWith('.yaml') && !name.endsWith('.test.yaml') && !name.startsWith('.');

export type PlaybookTexts = ReadonlyMap<string, string>;

/** File names with their texts, by name. Throws what the file system throws. */
export function readTexts(directory: string): PlaybookTexts {
  const files = readdirSync(directory).filter(isPlaybookFile).toSorted().slice(0, mostFiles);
  const regular = files.filter((file) => statSync(join(directory, file)).isFile());
  return new Map(regular.map((file) => [file, readFileSync(join(directory, file), 'utf8')]));
}

export function compileTexts(operations: Operations, origin: Origin, texts: PlaybookTexts): ReadonlyMap<string, CompiledFile> {
  return new Map([...texts].map(([file, text]) => [file, compilePlaybook(operations, file, origin, text)]));
}

/** An operator's own playbook replaces the one of the same name that comes with the program. */
export function setOf(
  shipped: readonly CompiledPlaybook[],
  own: readonly CompiledPlaybook[] = [],
  disabled: readonly string[] = [],
): PlaybookSet {
  const all = new Map([...shipped, ...own].map((compiled) => [compiled.playbook.name, compiled]));
  const playbooks = [...all.values()]
    .filter(({ playbook }) => !disabled.includes(playbook.name))
    .toSorted((a, b) => (a.playbook.name < b.playbook.name ? -1 : 1));
  return { playbooks, hash: contentHash(playbooks.map(({ playbook, origin, sha256 }) => ({ name: playbook.name, origin, sha256 }))) };
}

/** Every playbook that comes with the program. Throws PlaybookInvalid. */
export function loadShipped(operations: Operations, directory = shippedDirectory): readonly CompiledPlaybook[] {
  const files = [...compileTexts(operations, 'shipped', readTexts(directory)).values()];
  const problems = files.flatMap((file) => (file.kind === 'wrong' ? file.problems : []));
  if (problems.length > 0) throw new PlaybookInvalid(problems);
  return files.flatMap((file) => (file.kind === 'good' ? [file.compiled] : []));
}
