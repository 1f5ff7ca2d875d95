import { trace } from '@opentelemetry/api';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Redactor } from '../tools/ports.ts';

export interface LoggerOptions {
  readonly level: string;
  readonly redact: Redactor;
  /** Gets one JSON object per line; standard output unless given. */
  readonly destination?: DestinationStream;
}

const deepestCause = 5;

/** Messages of program calls hold the command line and what it printed: they are not kept. */
function messageOf(error: Error): string {
  if (/^Execa/.test(error.name) || 'shortMessage' in error) return 'a program failed';
  return error.message;
}

/** What is kept of an error: name, code, message and causes; no stack, no other property. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' ? { name: 'unknown' } : error;
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {};
  const cause = error.cause !== undefined && depth < deepestCause ? { cause: describeError(error.cause, depth + 1) } : {};
  return { name: error.name, ...code, message: messageOf(error), ...cause };
}

/** Errors anywhere in the fields, by value: a serializer by key would miss one under another name. */
function describeErrors(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return describeError(value);
  if (depth > 8 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => describeErrors(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describeErrors(item, depth + 1)]));
}

/** Ids of the active trace, so that a line leads to its trace. */
function traceIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/** One place for all: message, fields, bound fields and errors have become one line of JSON here. */
function redactingStream(redact: Redactor, destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(`${JSON.stringify(redact.value(JSON.parse(line)).value)}\n`) };
}

/** The program's logger. Every string of a line (message, fields, bound fields, errors and their causes) passes the redactor. */
export function createLogger({ level, redact, destination = pino.destination(1) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceIds,
      // pino's own would add the stack, and fold the causes into the message.
      serializers: { err: (described: unknown) => described },
      formatters: { level: (label) => ({ level: label }), log: (fields) => describeErrors(fields) as Record<string, unknown> },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          // An error as the only argument would put its own message beside the fields.
          const head = first instanceof Error ? [{ err: first }, rest[0] ?? 'an error'] : [first, ...rest];
          Reflect.apply(method, this, head);
        },
      },
    },
    redactingStream(redact, destination),
  );
}
