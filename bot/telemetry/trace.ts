import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracerName = 'watchkeeper';

/** W3C traceparent of the active span, to be kept with a row; null outside of any trace. */
export function traceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}

/** Runs `work` in a span named `name` that continues the stored trace; begins one where there is none. What it throws is marked on the span. */
export async function withTraceparent<T>(stored: string | null, name: string, work: () => Promise<T>): Promise<T> {
  const parent = stored === null ? context.active() : propagation.extract(context.active(), { traceparent: stored });
  return trace.getTracer(tracerName).startActiveSpan(name, { kind: SpanKind.CONSUMER }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      // The class is enough: a message may hold what a trace must not.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}
