import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy, type PolicyBundle } from '../../policy/decide.ts';

/** Body of the thread that `evaluator.ts` starts: loads the bundle, says so, then answers one list of questions after the other. */

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const policy = await loadPolicy(workerData as PolicyBundle);
  parentPort?.on('message', (inputs: readonly unknown[]) => parentPort?.postMessage(inputs.map((input) => policy.evaluate(input))));
  parentPort?.postMessage({ bundle: policy.bundle });
} catch (error) {
  parentPort?.postMessage({ broken: wordsOf(error) });
}
