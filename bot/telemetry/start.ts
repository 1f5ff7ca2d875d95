import { type Tracer, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { core, NodeSDK, resources } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';
import type { Redactor } from '../../tools/ports.ts';
import { exporterFromEnvironment } from './exporter.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createRedactingExporter } from './redacting-exporter.ts';

export interface TelemetryOptions {
  /** Used unless OTEL_SERVICE_NAME says otherwise. */
  readonly serviceName: string;
  /** `bot`, `worker`, `runner`, `mirror`, or `all`. */
  readonly role: string;
  readonly redact: Redactor;
  /** In place of what the environment asks for. */
  readonly exporter?: SpanExporter;
}

export interface Telemetry {
  readonly tracer: Tracer;
  readonly metrics: Metrics;
  /** For Temporal's Client and Worker (`plugins`), and for the workflow bundle. */
  readonly temporalPlugins: OpenTelemetryPlugin[];
  /** Sends what is left. Never rejects: a collector that is away must not keep a process from ending. */
  shutdown(): Promise<void>;
}

/** Keeps spans real (ids in logs, propagation) when nobody collects them. */
const discarding: SpanProcessor = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
};

/** Registers the global tracer, context manager and propagators. Once per process. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const exporter = options.exporter ?? exporterFromEnvironment();
  const spanProcessor = exporter === null ? discarding : new BatchSpanProcessor(createRedactingExporter(exporter, options.redact));
  const serviceName = core.getStringFromEnv('OTEL_SERVICE_NAME') ?? options.serviceName;
  const resource = resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName, 'service.role': options.role });
  const sdk = new NodeSDK({
    serviceName,
    resource,
    // Not the process detector: it would send the command line.
    resourceDetectors: [resources.envDetector],
    spanProcessors: [spanProcessor],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  return {
    tracer: trace.getTracer('watchkeeper'),
    metrics: createMetrics(options.role),
    temporalPlugins: [new OpenTelemetryPlugin({ resource, spanProcessor })],
    shutdown: () => sdk.shutdown().catch(() => {}),
  };
}
