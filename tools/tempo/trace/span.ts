import type { OtlpSpan, ResourceSpans, SpanKind } from './otlp.ts';

/** One piece of work. Times in nanoseconds since the trace began. */
export interface Span {
  readonly id: string;
  /** Null: it has none. It may name one that is not in the trace. */
  readonly parent: string | null;
  readonly service: string;
  /** Spans of one clock were timed by the same machine. */
  readonly clock: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly start: number;
  readonly end: number;
  readonly error: boolean;
  /** What it says of its failure; empty: nothing. */
  readonly message: string;
}

const noParent = /^0*$/;

function clockOf(service: string, resource: ReadonlyMap<string, string>): string {
  const instance = resource.get('service.instance.id') ?? resource.get('k8s.pod.name') ?? resource.get('host.name');
  return instance === undefined ? service : `${service} ${instance}`;
}

function messageOf({ status, attributes }: OtlpSpan): string {
  const code = attributes.get('http.response.status_code') ?? attributes.get('http.status_code') ?? attributes.get('rpc.grpc.status_code');
  return status.message || (attributes.get('exception.message') ?? (code === undefined ? '' : `status ${code}`));
}

/** Spans of a trace, each once, and when the first of them began (nanoseconds since the epoch). A span never ends before it begins. */
export function spansOf(resources: readonly ResourceSpans[]): { readonly began: bigint; readonly spans: readonly Span[] } {
  const all = resources.flatMap(({ resource, scopeSpans, instrumentationLibrarySpans }) => {
    const service = resource.attributes.get('service.name') || 'unknown';
    const clock = clockOf(service, resource.attributes);
    return [...scopeSpans, ...instrumentationLibrarySpans].flatMap(({ spans }) => spans.map((span) => ({ service, clock, span })));
  });
  const began =
    all.reduce(
      (least, { span }) => (least === null || span.startTimeUnixNano < least ? span.startTimeUnixNano : least),
      null as bigint | null,
    ) ?? 0n;
  const spans = all.map(({ service, clock, span }): Span => {
    const start = Number(span.startTimeUnixNano - began);
    return {
      ...{ id: span.spanId, service, clock, name: span.name, kind: span.kind, start, error: span.status.code },
      parent: span.parentSpanId === undefined || noParent.test(span.parentSpanId) ? null : span.parentSpanId,
      end: Math.max(start, Number(span.endTimeUnixNano - began)),
      message: span.status.code ? messageOf(span) : '',
    };
  });
  return { began, spans: [...new Map(spans.map((span) => [span.id, span])).values()] };
}
