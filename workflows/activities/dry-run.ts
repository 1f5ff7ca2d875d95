import { createTwoFilesPatch } from 'diff';
import { parseAllDocuments, stringify } from 'yaml';
import { contentHash } from '../../tools/canonical.ts';
import type { Observation } from '../../tools/contract.ts';
import type { DryRunParts } from '../contracts/activities.ts';
import type { Step } from '../contracts/plan.ts';
import { PlanInvalid } from '../errors.ts';
import type { ObservationStore } from '../ports.ts';

/** What the API server changes by itself: it says nothing about the write. */
const volatileMetadata = new Set(['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'selfLink']);
const volatileTop = new Set(['status']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function without(record: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

function normaliseObject(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const top = without(value, volatileTop);
  return isRecord(top['metadata']) ? { ...top, metadata: without(top['metadata'], volatileMetadata) } : top;
}

/** Null: not YAML, or with aliases that would unfold to too much. */
function parsed(text: string): readonly unknown[] | null {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return null;
  try {
    return documents.map((document) => document.toJS());
  } catch {
    return null;
  }
}

/** Kubernetes objects in YAML or JSON → comparable values. Text that is neither stays text. */
export function normalise(printed: string): unknown {
  return parsed(printed)?.map(normaliseObject) ?? printed.trim();
}

function render(value: unknown): string {
  return typeof value === 'string'
    ? `${value}\n`
    : (value as unknown[]).map((document) => stringify(document, { sortMapEntries: true })).join('---\n');
}

/** A unified diff from the target as it is to the target as it would be. */
export function diffOf(now: string, after: string): string {
  const patch = createTwoFilesPatch('now', 'after', render(normalise(now)), render(normalise(after)), undefined, undefined, { context: 3 });
  return patch.split('\n').slice(1).join('\n');
}

async function printed(observations: ObservationStore, id: string): Promise<string> {
  const observation: Observation = await observations.get(id);
  if (observation.status !== 'ok') throw new PlanInvalid(`the dry run failed: ${observation.errorCode ?? 'unknown'}`);
  if (observation.truncated) throw new PlanInvalid('the dry run is too long to be shown whole');
  return observation.stdout;
}

/** What the system says that the step would do: accepted by its dry run, shown as the difference where the target can be read both ways. */
export async function describeDryRun(
  observations: ObservationStore,
  parts: DryRunParts | null,
  noDryRunReason: string | undefined,
): Promise<Step['dryRun']> {
  if (parts === null) return { kind: 'none', reason: noDryRunReason ?? 'the operation has no dry run' };
  const dryRun = await printed(observations, parts.dryRun);
  if (parts.now === null)
    return { kind: 'shown', observation: parts.dryRun, diff: render(normalise(dryRun)), digest: contentHash(normalise(dryRun)) };
  const [now, after] = await Promise.all([
    printed(observations, parts.now),
    parts.after === null ? dryRun : printed(observations, parts.after),
  ]);
  return {
    kind: 'shown',
    observation: parts.dryRun,
    diff: diffOf(now, after),
    digest: contentHash([normalise(dryRun), normalise(now), normalise(after)]),
  };
}
