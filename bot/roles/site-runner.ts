import type { Logger } from 'pino';
import { findBinaries } from '../../tools/binaries.ts';
import { createGrantVerifier } from '../../tools/grant.ts';
import type { GrantKey } from '../../tools/grant-keys.ts';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Registry } from '../../tools/registry.ts';
import { createRun } from '../../tools/run.ts';
import { createRunner } from '../../tools/runner.ts';
import type { Site } from '../../tools/site.ts';
import { programs } from '../../tools/systems.ts';
import type { Workplace } from '../../tools/workplace.ts';
import { createApiClient, createHttpGrantLedger, createHttpGrantRefusals, createHttpObservationSink } from '../api/client.ts';
import { timedRunner, tracedRun } from '../instrument.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ToolRunner } from './runner.ts';
import { reportRunner } from './runner-report.ts';

export interface SiteRunner {
  readonly site: Site;
  readonly place: Workplace;
  readonly searchPath: string;
  readonly registry: Registry;
  readonly redactor: GrowingRedactor;
  readonly grantKeys: ReadonlyMap<string, GrantKey>;
  /** The API: observations are posted there and grants claimed, so a runner needs no database. */
  readonly api: { readonly url: string; readonly token: string };
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The runner of a site: its credentials and its programs. Until the signal ends it, the API hears once a minute what it has. */
export async function siteRunner(options: SiteRunner, signal: AbortSignal): Promise<ToolRunner> {
  const log = options.log.child({ site: options.site.name });
  const client = createApiClient(options.api);
  const site = { ...options.site, binaries: { ...(await findBinaries(programs, options.searchPath)), ...options.site.binaries } };
  const run = createRun({ log, place: options.place });
  void reportRunner({ site, registry: options.registry, run, redactor: options.redactor, client, log }, signal);
  const runner = createRunner({
    site,
    registry: options.registry,
    run: tracedRun(run),
    redactor: options.redactor,
    grants: createGrantVerifier(options.grantKeys),
    ledger: createHttpGrantLedger(client),
    refusals: createHttpGrantRefusals(client),
    observations: createHttpObservationSink(client),
    now: () => new Date(),
    log,
  });
  return timedRunner(runner, options.metrics);
}
