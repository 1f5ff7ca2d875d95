import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Registry } from '../../tools/registry.ts';
import type { RunnerReport } from '../../tools/report.ts';
import type { Run } from '../../tools/run.ts';
import { versionOf } from '../../tools/versions.ts';
import type { ApiClient } from '../api/client.ts';

/** Milliseconds between two reports. */
const everyMs = 60_000;

export interface Reporting {
  readonly site: string;
  /** Name → path. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly registry: Registry;
  readonly run: Run;
  readonly client: ApiClient;
  readonly log: Logger;
}

/** What a runner has: its programs are asked once. */
export async function reportOf({ site, binaries, registry, run }: Omit<Reporting, 'client' | 'log'>): Promise<RunnerReport> {
  const programs = await Promise.all(
    Object.entries(binaries).map(async ([name, file]) => ({ name, version: await versionOf(run, name, file) })),
  );
  return { site, runner: randomUUID(), registry: registry.hash, programs: programs.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Reports until the signal ends it. A report that is not heard is made again a minute later: nothing depends on it. */
export async function reportRunner(reporting: Reporting, signal: AbortSignal): Promise<void> {
  const report = await reportOf(reporting);
  while (!signal.aborted) {
    await reporting.client.request('POST', '/v1/runners', z.unknown(), report).catch((error: unknown) => {
      reporting.log.warn({ err: error }, 'the state of the runner could not be reported');
    });
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
