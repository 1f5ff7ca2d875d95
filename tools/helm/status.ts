import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { helm, helmTimeoutMs, Release, releaseOf } from './helm.ts';

const Tests = z.object({
  count: z.number().int(),
  /** Of those that ran. */
  failed: z.number().int(),
  /** When the newest began; null: none has run. */
  lastAt: z.string().nullable(),
});

/** The newest revision of a release, or that there is no release. */
export const ReleaseState = z.object({
  exists: z.boolean(),
  revision: z.number().int(),
  /** `deployed`, `failed`, `uninstalled`, `pending-upgrade` …; null: there is no release. */
  status: z.string().nullable(),
  /** Somebody works on it, or died while doing so. */
  pending: z.boolean(),
  description: z.string(),
  /** Revision that this one brought back; null: it is none of that kind. */
  rollbackTo: z.number().int().nullable(),
  deployedAt: z.string().nullable(),
  /** What brings it back to how Git has it; null: nothing does. Absent: not known. */
  gitOwner: z.string().nullable().optional(),
  /** Objects of the manifest, and the replicas that they ask for. */
  objects: z.number().int(),
  replicas: z.number().int(),
  tests: Tests,
});
export type ReleaseState = z.infer<typeof ReleaseState>;

const Run = z.object({ started_at: z.string().default(''), phase: z.string().default('') });

const Status = z.object({
  version: z.number().int(),
  manifest: z.string().default(''),
  info: z.object({ status: z.string(), description: z.string().default(''), last_deployed: z.string().nullish() }),
  hooks: z.array(z.object({ name: z.string(), events: z.array(z.string()).default([]), last_run: Run.optional() })).nullish(),
});

const none: ReleaseState = {
  ...{ exists: false, revision: 0, status: null, pending: false, description: '', rollbackTo: null, deployedAt: null, gitOwner: null },
  ...{ objects: 0, replicas: 0, tests: { count: 0, failed: 0, lastAt: null } },
};

const missing = /release: not found/;

export const status = read({
  name: 'helm.status',
  summary: 'The newest revision of a release: status, size, tests; or that there is no release',
  input: Release,
  output: ReleaseState,
  command: ({ namespace, release }, site) => helm(site, ['status', release, `--namespace=${namespace}`, '--output=json']),
  answers: ({ stderr }) => missing.test(stderr),
  parse: ({ exitCode, stdout }) => (exitCode === 0 ? stateOf(parseJson(Status, stdout)) : none),
  timeoutMs: helmTimeoutMs,
  permissions: ['list secrets'],
});

function stateOf({ version, manifest, info, hooks }: z.infer<typeof Status>): ReleaseState {
  const [, target] = /^Rollback to ([0-9]+)$/.exec(info.description) ?? [];
  return {
    exists: true,
    revision: version,
    status: info.status,
    pending: info.status.startsWith('pending') || info.status === 'uninstalling',
    description: info.description,
    rollbackTo: target === undefined ? null : Number(target),
    deployedAt: info.last_deployed ?? null,
    gitOwner: ownerIn(manifest),
    objects: [...manifest.matchAll(/^kind: /gm)].length,
    replicas: [...manifest.matchAll(/^ {2}replicas: ([0-9]+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0),
    tests: testsOf(hooks ?? []),
  };
}

/** Flux marks every object that it has Helm install; Argo CD makes no releases. */
function ownerIn(manifest: string): string | null {
  const [, name] = /^ +helm\.toolkit\.fluxcd\.io\/name: *"?([^"\s]+)"?$/m.exec(manifest) ?? [];
  const [, namespace] = /^ +helm\.toolkit\.fluxcd\.io\/namespace: *"?([^"\s]+)"?$/m.exec(manifest) ?? [];
  return name === undefined ? null : `Flux Helm release ${namespace === undefined ? '' : `${namespace}/`}${name}`.slice(0, 300);
}

/** Go's zero time: it has not run. */
const never = /^(0001-|$)/;

function testsOf(hooks: NonNullable<z.infer<typeof Status>['hooks']>): z.infer<typeof Tests> {
  const tests = hooks.filter(({ events }) => events.includes('test'));
  const runs = tests.flatMap(({ last_run: run }) => (run === undefined || never.test(run.started_at) ? [] : [run]));
  return {
    count: tests.length,
    failed: runs.filter(({ phase }) => phase !== 'Succeeded').length,
    lastAt:
      runs
        .map(({ started_at: at }) => at)
        .toSorted()
        .at(-1) ?? null,
  };
}

/** The state operation of every write to a release. */
export function statusOf(input: Release): OperationCall {
  return { operation: 'helm.status', input: releaseOf(input) };
}

/** Nobody works on it, nor died while doing so. */
export const notPending: Expectation = { pointer: '/pending', op: 'eq', value: false };

/** The next revision, made in vain. Helm says in its description what failed, in place of what was asked for. */
export function failedSince(before: ReleaseState): Expectation[] {
  return [
    { pointer: '/revision', op: 'eq', value: before.revision + 1 },
    { pointer: '/status', op: 'eq', value: 'failed' },
  ];
}

/** The same revision in the same status since it was observed. */
export function unchangedSince(before: ReleaseState): Expectation[] {
  return [
    { pointer: '/exists', op: 'eq', value: true },
    { pointer: '/revision', op: 'eq', value: before.revision },
    { pointer: '/status', op: 'eq', value: before.status },
  ];
}
