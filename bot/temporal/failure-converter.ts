import { DefaultFailureConverter } from '@temporalio/common';

/** Loaded by path, by the client, the workers and the workflow isolate: messages and stacks of failures are encrypted too. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
