import { ApplicationFailure } from '@temporalio/common';

const permanent = new Set(['plan_invalid', 'target_missing', 'not_found', 'invalid_transition', 'rejected', 'store_fault']);

/** A fault of the program itself is the same at every attempt. */
function isProgramFault(error: unknown): boolean {
  // What fetch throws when a peer is away is a TypeError too, and passes.
  if (!(error instanceof Error) || error.message === 'fetch failed') return false;
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError ||
    error.name === 'ZodError'
  );
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Failures that no retry mends keep their code as type, so that workflows stop at once; all else is retried by the engine. */
function toFailure(error: unknown): unknown {
  const code = codeOf(error);
  if (isProgramFault(error))
    return ApplicationFailure.create({
      message: 'a fault in the program',
      type: 'program_fault',
      nonRetryable: true,
      cause: error as Error,
    });
  if (code === null || !permanent.has(code)) return error;
  const message = error instanceof Error ? error.message : 'failed';
  return ApplicationFailure.nonRetryable(message, code === 'target_missing' ? 'plan_invalid' : code);
}

type AsyncFunction = (...args: never[]) => Promise<unknown>;

/** Wraps each activity so that its permanent faults become ApplicationFailures: the only place where they do. */
export function permanentFailures<T extends object>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await (activity as AsyncFunction)(...args);
      } catch (error) {
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
