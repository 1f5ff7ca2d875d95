import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { core, tracing } from '@opentelemetry/sdk-node';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * The trace exporter that the standard OTEL_* variables ask for (read by OpenTelemetry's own functions): `otlp` (HTTP with JSON),
 * `console`, or null. Without OTEL_TRACES_EXPORTER and an endpoint nothing is exported.
 */
export function exporterFromEnvironment(): SpanExporter | null {
  const endpoint = core.getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? core.getStringFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT');
  const wanted = core.getStringListFromEnv('OTEL_TRACES_EXPORTER')?.[0] ?? (endpoint === undefined ? 'none' : 'otlp');
  if (wanted === 'otlp') return new OTLPTraceExporter();
  if (wanted === 'console') return new tracing.ConsoleSpanExporter();
  return null;
}
