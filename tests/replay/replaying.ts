import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { ReplayWorkerOptions, WorkerPlugin } from '@temporalio/worker';
import { dataConverter } from '../../bot/temporal/connect.ts';

const { History } = proto.temporal.api.history.v1;
type History = proto.temporal.api.history.v1.IHistory;

/** Made up for the recorded histories, and used nowhere else: it is public. */
export const recordedPayloadKey = 'c0ffee'.repeat(10).padEnd(64, '0');

const namespace = 'default';

export const historiesDirectory = fileURLToPath(new URL('./histories', import.meta.url));

/** Reads what `record.ts` wrote. */
export function recordedDataConverter(): DataConverter {
  return dataConverter([Buffer.from(recordedPayloadKey, 'hex')], namespace);
}

/** `<scenario>.<workflow>.json`, sorted. */
export function recordedFiles(): readonly string[] {
  return readdirSync(historiesDirectory)
    .filter((name) => name.endsWith('.json'))
    .toSorted();
}

export function replayOptions(bundle: string, plugins: WorkerPlugin[]): ReplayWorkerOptions {
  return { workflowBundle: { codePath: bundle }, dataConverter: recordedDataConverter(), plugins };
}

/** `<pid>@<machine>-<hash>`: the queue that a worker has for itself. */
const isWorkersOwn = (value: unknown) => typeof value === 'string' && /^\d+@\S+-[0-9a-f]{32}$/.test(value);

/** A history as JSON, one value a line. Names of processes and machines are nobody's business. */
export function historyToText(history: History): string {
  const object = History.toObject(History.fromObject(history), { longs: String, bytes: String });
  return `${JSON.stringify(object, (name, value: unknown) => (name === 'identity' || isWorkersOwn(value) ? 'recorded' : value), 1)}\n`;
}

export function readHistory(file: string): History {
  return History.fromObject(JSON.parse(readFileSync(join(historiesDirectory, file), 'utf8')) as object);
}
