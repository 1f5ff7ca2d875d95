import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import type { Environment } from '../config-environment.ts';
import { createPayloadCodec } from './codec.ts';

export interface TemporalTarget {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: { readonly serverRootCACertificate?: Buffer; readonly clientCertPair?: { readonly crt: Buffer; readonly key: Buffer } };
}

export class TemporalUnavailable extends Error {
  readonly code = 'temporal_unavailable';
  constructor(address: string, options?: ErrorOptions) {
    super(`no Temporal server answers at ${address}. Start one, or correct TEMPORAL_ADDRESS.`, options);
    this.name = 'TemporalUnavailable';
  }
}

/** Address, namespace and TLS as the environment says; null while TEMPORAL_ADDRESS is unset. */
export function temporalTarget(env: Environment): TemporalTarget | null {
  if (env.TEMPORAL_ADDRESS === undefined) return null;
  const crt = env.TEMPORAL_TLS_CERT;
  const key = env.TEMPORAL_TLS_KEY;
  const tls = {
    ...(env.TEMPORAL_TLS_CA === undefined ? {} : { serverRootCACertificate: readFileSync(env.TEMPORAL_TLS_CA) }),
    ...(crt === undefined || key === undefined ? {} : { clientCertPair: { crt: readFileSync(crt), key: readFileSync(key) } }),
  };
  const wantsTls = Object.keys(tls).length > 0 || env.TEMPORAL_API_KEY !== undefined;
  return {
    address: env.TEMPORAL_ADDRESS,
    namespace: env.TEMPORAL_NAMESPACE,
    ...(env.TEMPORAL_API_KEY === undefined ? {} : { apiKey: env.TEMPORAL_API_KEY }),
    ...(wantsTls ? { tls } : {}),
  };
}

export function dataConverter(payloadKeys: readonly Uint8Array[], namespace: string): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(payloadKeys, namespace)],
    failureConverterPath: fileURLToPath(new URL('./failure-converter.ts', import.meta.url)),
  };
}

function options(target: TemporalTarget) {
  return {
    address: target.address,
    ...(target.apiKey === undefined ? {} : { apiKey: target.apiKey }),
    ...(target.tls === undefined ? {} : { tls: target.tls }),
  };
}

/** Throws TemporalUnavailable. */
export async function connectClient(
  target: TemporalTarget,
  converter: DataConverter,
  plugins: NonNullable<ConstructorParameters<typeof Client>[0]>['plugins'],
): Promise<Client> {
  try {
    const connection = await Connection.connect({ ...options(target), connectTimeout: '10s' });
    return new Client({ connection, namespace: target.namespace, dataConverter: converter, ...(plugins === undefined ? {} : { plugins }) });
  } catch (error) {
    throw new TemporalUnavailable(target.address, { cause: error });
  }
}

/** Throws TemporalUnavailable. */
export async function connectWorker(target: TemporalTarget): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options(target));
  } catch (error) {
    throw new TemporalUnavailable(target.address, { cause: error });
  }
}

/** Whether the server answers and has the namespace. Throws TemporalUnavailable. */
export async function pingTemporal(target: TemporalTarget): Promise<void> {
  try {
    const connection = await Connection.connect({ ...options(target), connectTimeout: '5s' });
    try {
      await connection.workflowService.describeNamespace({ namespace: target.namespace });
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new TemporalUnavailable(target.address, { cause: error });
  }
}
