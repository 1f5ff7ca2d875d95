import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';
import { createExecute } from '../../tools/execute.ts';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Registry } from '../../tools/registry.ts';
import type { AccountRights, RunnerReport } from '../../tools/report.ts';
import { askRights } from '../../tools/rights.ts';
import type { Run } from '../../tools/run.ts';
import type { Site } from '../../tools/site.ts';
import { versionOf } from '../../tools/versions.ts';
import type { ApiClient } from '../api/client.ts';

/** Milliseconds between two reports. */
const everyMs = 60_000;

export interface Reporting {
  /** With every program that was found. */
  readonly site: Site;
  readonly registry: Registry;
  readonly run: Run;
  readonly redactor: GrowingRedactor;
  readonly client: ApiClient;
  readonly log: Logger;
}

/** Reports between two looks at what the credentials may do. */
const rightsEvery = 10;

/** What a runner has: its programs are asked once. */
export async function reportOf({ site, registry, run }: Pick<Reporting, 'site' | 'registry' | 'run'>): Promise<RunnerReport> {
  const programs = await Promise.all(
    Object.entries(site.binaries).map(async ([name, file]) => ({ name, version: await versionOf(run, name, file) })),
  );
  return {
    ...{ site: site.name, runner: randomUUID(), registry: registry.hash, permissions: [] },
    programs: programs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function rightsOf({ site, run, redactor, log }: Reporting): Promise<readonly AccountRights[]> {
  try {
    return await askRights({ site, redactor, execute: createExecute({ site, run, redactor, now: () => new Date() }) });
  } catch (error) {
    log.warn({ err: error }, 'what the credentials of the site may do could not be asked');
    return [];
  }
}

/** Reports until the signal ends it. A report that is not heard is made again a minute later: nothing depends on it. */
export async function reportRunner(reporting: Reporting, signal: AbortSignal): Promise<void> {
  const report = await reportOf(reporting);
  let permissions: readonly AccountRights[] = [];
  for (let count = 0; !signal.aborted; count += 1) {
    if (count > 0 && count % rightsEvery === 1) permissions = await rightsOf(reporting);
    await reporting.client.request('POST', '/v1/runners', z.unknown(), { ...report, permissions }).catch((error: unknown) => {
      reporting.log.warn({ err: error }, 'the state of the runner could not be reported');
    });
    // The rights of the first report follow it at once: that a runner is there is known before every system has answered.
    if (count === 0) continue;
    await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
