import {
  BackendTerminatedError,
  BackendTerminatedUnexpectedlyError,
  ConnectionError,
  IdleTransactionTimeoutError,
  SlonikError,
  StatementCancelledError,
  StatementTimeoutError,
} from 'slonik';
import { InvalidTransition, Rejected, StoreFault, StoreUnavailable, type UnavailableReason } from './errors.ts';

const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'EAI_AGAIN', 'ENOENT']);
const connectionErrors = [ConnectionError, BackendTerminatedError, BackendTerminatedUnexpectedlyError];
const timeouts = [StatementTimeoutError, IdleTransactionTimeoutError, StatementCancelledError];

function chain(error: unknown): readonly Error[] {
  const found: Error[] = [];
  for (let current = error; current instanceof Error && found.length < 8; current = current.cause) found.push(current);
  return found;
}

function textField(error: Error, name: string): string | null {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : null;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function unavailable(error: Error): UnavailableReason | null {
  const code = textField(error, 'code') ?? '';
  if (code === '53100') return 'disk_full';
  if (code === '53300') return 'too_many_connections';
  if (code === '57P01' || code === '57P02' || code === '57P03') return 'shutting_down';
  if (timeouts.some((kind) => error instanceof kind)) return 'timeout';
  if (code.startsWith('08') || socketCodes.has(code) || connectionErrors.some((kind) => error instanceof kind)) return 'unreachable';
  return /^(Connection terminated|timeout expired)/.test(error.message) ? 'unreachable' : null;
}

/** A driver's error → one of the store's. What is none of them is a fault of the program; slonik's own is replaced, because it carries the values of the query. */
export function mapError(error: unknown): unknown {
  const causes = chain(error);
  for (const cause of causes) {
    const reason = unavailable(cause);
    if (reason !== null) return new StoreUnavailable(reason, error);
  }
  const refused = causes.find((cause) => /^23/.test(textField(cause, 'code') ?? ''));
  if (refused === undefined) return error instanceof SlonikError ? new StoreFault(`${error.constructor.name}: ${error.message}`) : error;
  if (textField(refused, 'code') === '23001') return new InvalidTransition(refused.message, error);
  return new Rejected(refused.message, textField(refused, 'constraint'), error);
}
