import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Redactor } from '../../tools/ports.ts';

function attributes(redact: Redactor, values: Attributes): Attributes {
  return redact.value(values).value as Attributes;
}

/** The span as it may leave the process: names, attributes, events (recorded exceptions among them) and status, redacted. */
function redacted(redact: Redactor, span: ReadableSpan): ReadableSpan {
  const { message, ...status } = span.status;
  return Object.create(span, {
    name: { value: redact.text(span.name).text },
    attributes: { value: attributes(redact, span.attributes) },
    events: {
      value: span.events.map((event) => ({
        ...event,
        name: redact.text(event.name).text,
        ...(event.attributes === undefined ? {} : { attributes: attributes(redact, event.attributes) }),
      })),
    },
    status: { value: message === undefined ? status : { ...status, message: redact.text(message).text } },
  }) as ReadableSpan;
}

/** Traces are a way out like every other. */
export function createRedactingExporter(exporter: SpanExporter, redact: Redactor): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(
        spans.map((span) => redacted(redact, span)),
        done,
      ),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
