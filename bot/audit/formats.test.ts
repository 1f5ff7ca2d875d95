import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from '../mirrors/kinds.ts';
import { cefLine } from './cef.ts';
import { commit } from './commitment.ts';
import { ocsfEvent, type SiemEntry } from './ocsf.ts';
import { otlpLine } from './otlp.ts';

/** Text as people and attackers write it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '|', '\\', '=', 'a=b c=d', '\r\n', '\\n', 'CEF:0|x|', '\u2028', '𝄞', '<script>', ' cs1=forged'),
);

const entries: fc.Arbitrary<SiemEntry> = fc
  .record({
    seq: fc.option(fc.integer({ min: 1, max: 2 ** 40 })),
    kind: fc.constantFrom(...Object.keys(kinds)),
    actor: fc.record({ kind: fc.constantFrom('person' as const, 'system' as const, 'service_token' as const), id: hostile }),
    incidentId: fc.option(hostile),
    planId: fc.option(hostile),
    data: fc.dictionary(fc.constantFrom('operation', 'verdict', 'vote', 'approvals', 'nested', 'none'), fc.jsonValue({ maxDepth: 2 })),
    reason: fc.option(hostile),
  })
  .map(({ seq, kind, actor, incidentId, planId, data, reason }) => {
    const said = reason === null ? null : commit(reason);
    return {
      seq,
      leaf: '0'.repeat(64),
      body: {
        ...{
          version: 2 as const,
          id: '0199c0de-0000-7000-8000-000000000000',
          at: '2026-01-01T00:00:00.123Z',
          kind,
          actor,
          incidentId,
          planId,
        },
        data: { ...data, ...(said === null ? {} : { reason: said.commitment }) },
      },
      disclosures: said === null ? {} : { reason: said.disclosure },
    };
  });

const holds = (check: (entry: SiemEntry) => void) => fc.assert(fc.property(entries, check), { numRuns: 200 });
const event = (entry: SiemEntry) => ocsfEvent(entry, 'watchkeeper/test');

/** OCSF 1.3.0, class Entity Management (3004) of category Identity & Access Management: its required attributes, and those that we use. */
const EntityManagement = z.strictObject({
  category_uid: z.literal(3),
  class_uid: z.literal(3004),
  activity_id: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  activity_name: z.enum(['Create', 'Read', 'Update', 'Delete']),
  type_uid: z.int(),
  /** Milliseconds. */
  time: z.int(),
  severity_id: z.int().min(1).max(6),
  severity: z.enum(['Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal']),
  status_id: z.union([z.literal(1), z.literal(2)]),
  status: z.enum(['Success', 'Failure']),
  message: z.string().min(1),
  comment: z.string().optional(),
  actor: z.strictObject({
    user: z.strictObject({ uid: z.string(), type_id: z.union([z.literal(1), z.literal(3), z.literal(99)]), type: z.string() }),
  }),
  entity: z.strictObject({ type: z.string().min(1), uid: z.string() }),
  metadata: z.strictObject({
    version: z.literal('1.3.0'),
    product: z.strictObject({ name: z.string(), vendor_name: z.string(), version: z.string() }),
    uid: z.string(),
    event_code: z.string(),
    log_name: z.string(),
    original_time: z.string(),
    sequence: z.int().optional(),
    correlation_uid: z.string().optional(),
  }),
  unmapped: z.record(z.string(), z.unknown()),
});

test('every kind is an event of OCSF, and its numbers agree with its names', () => {
  const captions = { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' };
  const severities = ['Informational', 'Low', 'Medium', 'High', 'Critical', 'Fatal'];
  holds((entry) => {
    const found = EntityManagement.parse(event(entry));
    expect(found.type_uid).toBe(found.class_uid * 100 + found.activity_id);
    expect(found.activity_name).toBe(captions[found.activity_id]);
    expect(found.severity).toBe(severities[found.severity_id - 1]);
    expect(found.status).toBe(found.status_id === 1 ? 'Success' : 'Failure');
  });
});

describe('CEF, version 0', () => {
  /** Extension keys of ArcSight's dictionary that we use, and the most characters of each. */
  const dictionary: Readonly<Record<string, number>> = {
    ...{ rt: 13, externalId: 40, cat: 1023, act: 63, outcome: 63, suid: 1023, spriv: 1023, reason: 1023, cn1: 20, cn1Label: 1023 },
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6].flatMap((n) => [
        [`cs${n}`, 4000],
        [`cs${n}Label`, 1023],
      ]),
    ),
  };

  /** As a collector reads it: seven header fields between unescaped pipes, then keys up to the next ` key=`. */
  function read(line: string) {
    const [, version, ...rest] =
      /^CEF:(\d+)\|((?:\\.|[^\\|])*)\|((?:\\.|[^\\|])*)\|((?:\\.|[^\\|])*)\|((?:\\.|[^\\|])*)\|((?:\\.|[^\\|])*)\|(\d+)\|(.*)$/u.exec(
        line,
      ) ?? [];
    const extension = new Map<string, string>();
    const text = rest.pop() ?? '';
    for (const [, key = '', value = ''] of text.matchAll(/(?:^| )([A-Za-z0-9]+)=((?:\\.|[^\\=])*?)(?=$| [A-Za-z0-9]+=)/gu))
      extension.set(
        key,
        value.replaceAll(/\\(.)/gu, (_, one) => ({ n: '\n', r: '\r' })[one as string] ?? one),
      );
    return { version, header: rest, extension };
  }

  test('is one line that reads back, and text can forge no field', () => {
    holds((entry) => {
      const line = cefLine(event(entry));
      expect(line).not.toMatch(/[\r\n\v\f\u0085\u2028\u2029]/);
      const { version, header, extension } = read(line);
      expect([version, header.length]).toEqual(['0', 6]);
      expect(Number(header[5])).toBeLessThanOrEqual(10);
      for (const [key, value] of extension) expect([key, value.length <= (dictionary[key] ?? -1)]).toEqual([key, true]);
      const { body } = entry;
      const broken = (text: string | null) => text?.replaceAll(/[\v\f\u0085\u2028\u2029]/g, '\n') ?? null;
      expect(extension.get('externalId')).toBe(body.id);
      expect(extension.get('rt')).toBe(String(Date.parse(body.at)));
      expect(extension.get('suid') ?? '').toBe(broken(body.actor.id));
      expect(extension.get('cs1') ?? null).toBe(broken(body.incidentId));
    });
  });
});

describe('OTLP, logs in JSON', () => {
  const Int64 = z.string().regex(/^-?\d+$/);
  const Value: z.ZodType = z.lazy(() =>
    z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ boolValue: z.boolean() }),
      z.strictObject({ intValue: Int64 }),
      z.strictObject({ doubleValue: z.number() }),
      z.strictObject({ arrayValue: z.strictObject({ values: z.array(Value) }) }),
    ]),
  );
  const Attributes = z.array(z.strictObject({ key: z.string().min(1), value: Value }));
  /** opentelemetry/proto/collector/logs/v1/logs_service.proto in its JSON form: lowerCamelCase names, 64-bit numbers as text. */
  const Request = z.strictObject({
    resourceLogs: z.tuple([
      z.strictObject({
        resource: z.strictObject({ attributes: Attributes }),
        scopeLogs: z.tuple([
          z.strictObject({
            scope: z.strictObject({ name: z.string() }),
            logRecords: z.tuple([
              z.strictObject({
                timeUnixNano: Int64,
                observedTimeUnixNano: Int64,
                severityNumber: z.int().min(1).max(24),
                severityText: z.string(),
                eventName: z.string().min(1),
                body: Value,
                attributes: Attributes,
              }),
            ]),
          }),
        ]),
      }),
    ]),
  });

  test('is a request that a collector takes, with each attribute once', () => {
    holds((entry) => {
      const line = otlpLine(event(entry));
      expect(line).not.toMatch(/[\r\n]/);
      const [{ scopeLogs }] = Request.parse(JSON.parse(line)).resourceLogs;
      const [record] = scopeLogs[0].logRecords;
      const keys = record.attributes.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(record.timeUnixNano).toBe(`${Date.parse(entry.body.at)}000000`);
      expect(record.attributes).toContainEqual({ key: 'actor.user.uid', value: { stringValue: entry.body.actor.id } });
    });
  });
});
