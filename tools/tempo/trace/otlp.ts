import { z } from 'zod';

/**
 * Traces as Tempo prints them: OpenTelemetry's JSON (`resourceSpans`, `scopeSpans`, ids in hexadecimal), and the form of protobuf's own JSON
 * and of older versions (`batches`, `instrumentationLibrarySpans`, ids in base64, kinds and states by name).
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */

const Value = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.string(), z.number()]).optional(),
  doubleValue: z.union([z.number(), z.string()]).optional(),
});

const Attributes = z
  .array(z.object({ key: z.string(), value: Value.optional() }))
  .default([])
  .transform((all): ReadonlyMap<string, string> => {
    const text = ({ stringValue, boolValue, intValue, doubleValue }: z.infer<typeof Value> = {}) =>
      String(stringValue ?? boolValue ?? intValue ?? doubleValue ?? '');
    return new Map(all.map(({ key, value }) => [key, text(value)]));
  });

const Nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()]).transform((value) => BigInt(value));

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof kinds)[number];

const Kind = z.union([z.number(), z.string()]).transform((value): SpanKind => {
  if (typeof value === 'number') return kinds[value] ?? 'unspecified';
  return kinds.find((kind) => value === `SPAN_KIND_${kind.toUpperCase()}`) ?? 'unspecified';
});

const Id = z.string().transform(hexOf);

const Span = z.object({
  spanId: Id,
  parentSpanId: Id.optional(),
  name: z.string().default(''),
  kind: Kind.default('unspecified'),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  status: z
    .object({
      code: z
        .union([z.number(), z.string()])
        .default(0)
        .transform((code) => code === 2 || code === 'STATUS_CODE_ERROR'),
      message: z.string().default(''),
    })
    .default({ code: false, message: '' }),
});
export type OtlpSpan = z.infer<typeof Span>;

const ScopeSpans = z.array(z.object({ spans: z.array(Span).default([]) })).default([]);

const ResourceSpans = z.object({
  resource: z.object({ attributes: Attributes }).default({ attributes: new Map() }),
  scopeSpans: ScopeSpans,
  instrumentationLibrarySpans: ScopeSpans,
});
export type ResourceSpans = z.infer<typeof ResourceSpans>;

const List = z.object({ resourceSpans: z.array(ResourceSpans).optional(), batches: z.array(ResourceSpans).optional() });

/** An answer of v2 says whether it holds the whole trace; what is older is the trace itself. */
export const TraceAnswer = List.extend({
  trace: List.nullish(),
  status: z.union([z.string(), z.number()]).default('COMPLETE'),
  message: z.string().default(''),
}).transform(({ trace, status, message, ...old }) => ({
  resources: [trace ?? {}, old].flatMap(({ resourceSpans = [], batches = [] }) => [...resourceSpans, ...batches]),
  partial: status === 'PARTIAL' || status === 1,
  message,
}));

/** Sixteen digits of an id of eight bytes; base64 of as many has eleven characters and one that fills up. */
function hexOf(id: string): string {
  if (/^[0-9a-fA-F]{16}$/.test(id) || !/^[A-Za-z0-9+/_-]{11}=?$/.test(id)) return id.toLowerCase();
  return Buffer.from(id, 'base64').toString('hex');
}
