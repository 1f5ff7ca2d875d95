import { context, propagation } from '@opentelemetry/api';

/** W3C traceparent of the active span, so that whoever takes the row later continues the trace; null without telemetry. */
export function traceparent(): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'] ?? null;
}
