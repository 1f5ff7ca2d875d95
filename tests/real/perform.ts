import { expect } from 'vitest';
import type { Check, OperationCall } from '../../tools/contract.ts';
import type { WriteOperation } from '../../tools/operation.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { TestSite } from './site.ts';

// biome-ignore lint/suspicious/noExplicitAny: writes of all inputs.
function operation(name: string): WriteOperation<any, any, any> {
  const found = createRegistry().get(name);
  if (found?.kind !== 'write') throw new Error(`${name} is not a write`);
  return found;
}

export interface Performed<S> {
  readonly before: S;
  /** The call that undoes it; null: there is none. */
  readonly undo: OperationCall | null;
}

/** Does a write as a workflow does it: dry run without effect, preconditions, grant, probe, verification. */
export async function perform<S>(site: TestSite, name: string, given: Record<string, unknown>): Promise<Performed<S>> {
  const { input: type, state, preconditions, dryRun, probe, verification, rollback } = operation(name);
  const input = type.parse(given);
  const target = state(input);
  const before = await site.output<S>(target.operation, target.input);
  if (dryRun !== undefined) expect(await site.dryRun(name, input)).toMatchObject({ status: 'ok' });
  await site.reaches(target.operation, target.input, preconditions(input, before), 2_000);
  const answer = await site.write(name, input);
  expect(answer, answer.observation === null ? '' : site.observationOf(answer).stderr).toMatchObject({ status: 'ok' });
  await site.reaches(target.operation, target.input, probe(input, before));
  for (const check of verification(input, before) as readonly Check[]) {
    await site.reaches(check.operation, check.input, check.expect, check.withinSeconds * 1000);
  }
  return { before, undo: rollback?.(input, before) ?? null };
}

/** Does a write, then its rollback. */
export async function performAndUndo(site: TestSite, name: string, input: Record<string, unknown>): Promise<void> {
  const { undo } = await perform(site, name, input);
  if (undo === null) throw new Error('no rollback');
  await perform(site, undo.operation, undo.input);
}
