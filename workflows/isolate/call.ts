import { ActivityFailure, ChildWorkflowFailure, isCancellation, TimeoutFailure, uuid4 } from '@temporalio/workflow';
import type { CallMode, OperationCall, ToolAnswer, ToolCall } from '../../tools/contract.ts';
import { ownReads } from '../own-reads.ts';
import { own, reader } from './proxies.ts';

export interface ReadAt extends OperationCall {
  readonly incidentId: string;
  readonly site: string;
  readonly mode?: CallMode;
}

/** Milliseconds that a read may take from now on, queueing included. */
const readDeadlineMs = 90_000;

export function toolCall(at: ReadAt): ToolCall {
  return {
    version: 1,
    callId: uuid4(),
    incidentId: at.incidentId,
    site: at.site,
    operation: at.operation,
    input: at.input,
    mode: at.mode ?? 'run',
    deadline: new Date(Date.now() + readDeadlineMs).toISOString(),
  };
}

/** What an exception says to people: the innermost words. */
export function wordsOf(error: unknown): string {
  const cause = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause !== error && cause !== undefined) return wordsOf(cause);
  return error instanceof Error ? error.message : 'an unknown fault';
}

/** A failed carrier in words; a tool's own failure is a ToolAnswer, not an exception. */
export function carrierFault(error: unknown, site: string): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') return `no runner answers for site ${site}`;
  if (cause instanceof TimeoutFailure) return `the runner of site ${site} did not answer in time`;
  return wordsOf(error);
}

/** Runs a read; carrier faults become an error answer, so that a gap in the evidence is a value. Cancellation is thrown on. */
export async function carried(call: ToolCall): Promise<ToolAnswer> {
  try {
    return ownReads.has(call.operation) ? await own.callOwn(call) : await reader(call.site).callTool(call);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { status: 'error', callId: call.callId, observation: null, code: 'unreachable', message: carrierFault(error, call.site) };
  }
}

export function readAt(at: ReadAt): Promise<ToolAnswer> {
  return carried(toolCall(at));
}
