import type { DataConverter } from '@temporalio/common';
import type { Logger } from 'pino';
import type { GrowingRedactor } from '../../tools/ports.ts';
import type { Settings } from '../config.ts';
import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { type Core, createCore } from '../core.ts';
import type { Peer } from '../mirrors/routes.ts';
import type { Stops } from '../stops.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start.ts';
import { dataConverter, type TemporalTarget } from '../temporal/connect.ts';

/** What a process has before its first role starts, whether it runs one role or all. */
export interface Foundation {
  readonly env: Environment;
  readonly file: ConfigFile;
  /** Of credentials, by their names. */
  readonly siteVariables: Settings['siteVariables'];
  /** Learns credentials that are read while it runs. */
  readonly redactor: GrowingRedactor;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Everything that a role starts is added here. */
  readonly stops: Stops;
}

export function createFoundation(base: Omit<Foundation, 'telemetry'>, role: string): Foundation {
  const telemetry = startTelemetry({ serviceName: 'watchkeeper', role, redact: base.redactor });
  base.stops.add('telemetry', () => telemetry.shutdown());
  return { ...base, telemetry };
}

/** Postgres and policy. `issuer`: whose word on people counts. Throws StoreUnavailable. */
export async function openCore(
  { env, file, redactor, log, telemetry, stops }: Foundation,
  databaseUrl: string,
  sinks: readonly Peer[],
  issuer: string | null,
): Promise<Core> {
  const core = await createCore({ databaseUrl, env, file, redactor, sinks, issuer, metrics: telemetry.metrics, log });
  stops.add('store', () => core.close());
  return core;
}

/** The engine as the roles of a process share it. */
export interface Engine {
  readonly target: TemporalTarget;
  readonly converter: DataConverter;
}

/** `key`: PAYLOAD_KEY. Connects to nothing yet. */
export function openEngine(target: TemporalTarget, key: Uint8Array): Engine {
  return { target, converter: dataConverter([key], target.namespace) };
}
