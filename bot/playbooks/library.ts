import { watch } from 'node:fs';
import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import { type CompiledFile, compilePlaybook } from '../../workflows/playbooks/compile.ts';
import type { CompiledPlaybook, Operations, PlaybookSet } from '../../workflows/playbooks/compiled.ts';
import { type PlaybookTexts, readTexts, setOf } from '../../workflows/playbooks/load.ts';
import type { PlaybookProblem } from '../../workflows/playbooks/source.ts';
import { follow } from '../policy/follow.ts';
import type { NewSet, PlaybookMember, PlaybookStore, PlaybookTrouble } from '../store/playbooks.ts';

export interface LibraryOptions {
  readonly operations: Operations;
  /** What comes with the program. */
  readonly shipped: readonly CompiledPlaybook[];
  readonly shippedTexts: PlaybookTexts;
  /** The operator's own; undefined: there are none. */
  readonly directory: string | undefined;
  readonly disabled: readonly string[];
  readonly store: Pick<PlaybookStore, 'record' | 'lastGood'>;
  readonly redact: Redactor;
  readonly log: Logger;
  readonly pollMs?: number;
}

/** The playbooks in use, replaced as a whole while the program runs. */
export interface Library {
  current(): PlaybookSet;
  problems(): readonly PlaybookTrouble[];
  /** Looks at the directory now. Never rejects. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface Good {
  readonly compiled: CompiledPlaybook;
  readonly text: string;
}

interface State {
  own: ReadonlyMap<string, Good>;
  problems: readonly PlaybookTrouble[];
  set: PlaybookSet;
  /** What is written down of it; undefined: nothing yet. */
  recorded: string | undefined;
}

export const memberOf = ({ playbook, file, origin, sha256, specificity }: CompiledPlaybook): PlaybookMember => ({
  name: playbook.name,
  summary: playbook.summary,
  ...{ file, origin, sha256, specificity },
  causes: playbook.when.causes ?? [],
  proposes: playbook.propose?.steps.map(({ operation }) => operation) ?? [],
});

const secret = { line: 1, column: 1, message: 'holds what looks like a secret', todo: 'take it out: playbooks are shown and kept' };

function compiledOf({ operations, redact }: LibraryOptions, file: string, text: string): CompiledFile {
  if (redact.text(text).count > 0) return { kind: 'wrong', problems: [{ file, ...secret }] };
  return compilePlaybook(operations, file, 'own', text);
}

/** The version of before, or of before the start. */
async function lastGood(options: LibraryOptions, state: State, file: string): Promise<Good | null> {
  const before = state.own.get(file);
  if (before !== undefined) return before;
  const text = await options.store.lastGood(file);
  const compiled = text === null ? null : compiledOf(options, file, text);
  return text !== null && compiled?.kind === 'good' ? { compiled: compiled.compiled, text } : null;
}

async function readOwn(options: LibraryOptions, state: State): Promise<Pick<State, 'own' | 'problems'>> {
  const { directory } = options;
  if (directory === undefined) return { own: new Map(), problems: [] };
  let texts: PlaybookTexts;
  try {
    texts = readTexts(directory);
  } catch {
    const problem = { file: directory, line: 1, column: 1, message: 'cannot be read', todo: 'see playbooks.directory and its permissions' };
    return { own: state.own, problems: [{ ...problem, kept: state.own.size > 0 }] };
  }
  const own = new Map<string, Good>();
  const problems: PlaybookTrouble[] = [];
  for (const [file, text] of texts) {
    const compiled = compiledOf(options, file, text);
    const good = compiled.kind === 'good' ? { compiled: compiled.compiled, text } : await lastGood(options, state, file);
    if (good !== null) own.set(file, good);
    if (compiled.kind === 'wrong')
      problems.push(...compiled.problems.map((problem: PlaybookProblem) => ({ ...problem, kept: good !== null })));
  }
  return { own, problems };
}

function newSet({ shippedTexts }: LibraryOptions, { set, own, problems }: State): NewSet {
  const texts = set.playbooks.map(({ file, origin, sha256 }) => ({
    ...{ file, origin, sha256 },
    content: (origin === 'own' ? own.get(file)?.text : shippedTexts.get(file)) ?? '',
  }));
  return { hash: set.hash, members: set.playbooks.map(memberOf), problems: [...problems], texts };
}

/** A directory that is changed while it is read shows at the next look. */
async function look(options: LibraryOptions, state: State): Promise<void> {
  const { shipped, disabled, store, log } = options;
  try {
    const read = await readOwn(options, state);
    const own = [...read.own.values()].map(({ compiled }) => compiled);
    Object.assign(state, read, { set: setOf(shipped, own, disabled) });
    const now = JSON.stringify([state.set.hash, state.problems]);
    if (state.recorded === now) return;
    if (state.problems.length > 0) log.warn({ problems: state.problems }, 'playbooks have problems: what was good before stays');
    if (await store.record(newSet(options, state)))
      log.info({ set: state.set.hash, playbooks: own.length }, 'the set of playbooks changed');
    state.recorded = now;
  } catch (error) {
    log.error({ err: error }, 'the set of playbooks could not be written down: that is tried again');
  }
}

function watchDirectory(directory: string | undefined, changed: () => void): () => void {
  if (directory === undefined) return () => {};
  try {
    const watcher = watch(directory, { persistent: false }, changed);
    // It is polled all the same.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}

/** Loads what ships and the operator's directory, and follows the directory. */
export async function createLibrary(options: LibraryOptions): Promise<Library> {
  const { shipped, disabled, directory, pollMs = 10_000 } = options;
  const state: State = { own: new Map(), problems: [], set: setOf(shipped, [], disabled), recorded: undefined };
  await look(options, state);
  const unfollow = follow({ look: () => look(options, state), pollMs, watch: (changed) => watchDirectory(directory, changed) });
  return {
    current: () => state.set,
    problems: () => state.problems,
    look: () => look(options, state),
    stop: unfollow,
  };
}
