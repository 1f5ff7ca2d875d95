import { type MessagePort, Worker } from 'node:worker_threads';
import type { PolicyBundle } from '../../policy/decide.ts';

/** How a thread is asked without waiting for the event loop: it counts in `told` what it has posted to `port`. */
export interface ThreadBridge {
  readonly port: MessagePort;
  readonly told: Int32Array<SharedArrayBuffer>;
}

/** `workerData` of `thread-body.ts`. Without a bridge it answers its parent, and looks at what the policy may call. */
export interface ThreadStart {
  readonly bundle: PolicyBundle;
  readonly bridge: ThreadBridge | null;
}

/** What a thread says first. */
export type ThreadReady = { readonly bundle: string } | { readonly broken: string };

/**
 * A thread with a policy: it can be ended whatever the policy does. Afterwards it answers each list of questions with the list of
 * their evaluations.
 */
export function startThread({ wasm, data }: PolicyBundle, bridge: ThreadBridge | null): Worker {
  const worker = new Worker(new URL('./thread-body.ts', import.meta.url), {
    workerData: { bundle: { wasm, data }, bridge } satisfies ThreadStart,
    transferList: bridge === null ? [] : [bridge.port],
    // Neither the environment nor the terminal is any of its business.
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  // Whoever waits for a message hears of it too; without a listener it would end the process.
  worker.on('error', () => {});
  return worker;
}
