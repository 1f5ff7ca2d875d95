import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy } from '../../policy/decide.ts';
import { assertKnownBuiltins } from './builtins.ts';
import type { ThreadReady, ThreadStart } from './thread.ts';

/** Body of the thread that `thread.ts` starts: loads the bundle, says so, then answers one list of questions after the other. */

const { bundle, bridge } = workerData as ThreadStart;
const port = bridge?.port ?? parentPort;

function tell(message: unknown): void {
  port?.postMessage(message);
  if (bridge === null) return;
  Atomics.add(bridge.told, 0, 1);
  Atomics.notify(bridge.told, 0);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const policy = await loadPolicy(bundle);
  if (bridge === null) await assertKnownBuiltins(bundle.wasm);
  port?.on('message', (inputs: readonly unknown[]) => tell(inputs.map((input) => policy.evaluate(input))));
  tell({ bundle: policy.bundle } satisfies ThreadReady);
} catch (error) {
  tell({ broken: wordsOf(error) } satisfies ThreadReady);
}
