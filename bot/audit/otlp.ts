import type { OcsfEvent } from './ocsf.ts';

/** OpenTelemetry severity numbers by OCSF severity: INFO, INFO2, WARN, ERROR. */
const severities = [9, 9, 10, 13, 17] as const;

type AnyValue = Readonly<Record<string, unknown>>;

function anyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { stringValue: JSON.stringify(value) };
}

/** Nested names joined by dots, as OpenTelemetry's own attributes are named. */
function attributesOf(value: object, prefix = ''): readonly { key: string; value: AnyValue }[] {
  return Object.entries(value).flatMap(([name, leaf]) =>
    typeof leaf === 'object' && leaf !== null && !Array.isArray(leaf)
      ? attributesOf(leaf, `${prefix}${name}.`)
      : [{ key: `${prefix}${name}`, value: anyValue(leaf) }],
  );
}

/** One line of OTLP JSON (ExportLogsServiceRequest) with one log record: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
export function otlpLine(event: OcsfEvent): string {
  const time = `${event.time}000000`;
  const record = {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: severities[event.severity_id],
    severityText: event.severity,
    eventName: event.metadata.event_code,
    body: { stringValue: event.message },
    attributes: attributesOf(event),
  };
  const resource = { attributes: attributesOf({ 'service.name': 'watchkeeper', 'service.version': event.metadata.product.version }) };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'watchkeeper.audit' }, logRecords: [record] }] }] });
}
