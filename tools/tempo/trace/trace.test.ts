import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath } from './critical-path.ts';
import { TraceAnswer } from './otlp.ts';
import { withoutSkew } from './skew.ts';
import type { Span } from './span.ts';
import { summarize } from './summary.ts';
import { descend, treeOf } from './tree.ts';

/** `service/name[start,end]` under a parent; an exclamation mark: it failed. */
function span(id: string, parent: string | null, text: string): Span {
  const [, service = '', name = '', start, end, failed] = /^(\w+)\/(\w+)\[(-?\d+),(-?\d+)\](!?)$/.exec(text) ?? [];
  return {
    id,
    parent,
    service,
    clock: service,
    name,
    kind: 'server',
    start: Number(start),
    end: Number(end),
    error: failed === '!',
    message: '',
  };
}

function pathOf(...spans: Span[]): string[] {
  const { roots, children } = treeOf(spans);
  const [root] = roots;
  if (root === undefined) throw new Error('no root');
  return criticalPath(root, children).map(({ span: { id }, from, until }) => `${id} ${from}-${until}`);
}

describe('the critical path', () => {
  it('goes through the call that ended last, and what it waited for', () => {
    const path = pathOf(
      span('root', null, 'web/get[0,100]'),
      span('short', 'root', 'cache/get[10,20]'),
      span('long', 'root', 'shop/list[10,80]'),
      span('db', 'long', 'db/select[20,70]'),
    );
    expect(path).toEqual(['root 0-10', 'long 10-20', 'db 20-70', 'long 70-80', 'root 80-100']);
  });

  it('takes calls one after the other, and not what ran beside them', () => {
    const path = pathOf(
      span('root', null, 'web/get[0,100]'),
      span('a', 'root', 'a/x[0,40]'),
      span('b', 'root', 'b/x[40,90]'),
      span('beside', 'root', 'c/x[30,60]'),
    );
    expect(path).toEqual(['a 0-40', 'b 40-90', 'root 90-100']);
  });

  it('counts a call that went on after its caller only up to the end of the caller', () => {
    expect(pathOf(span('root', null, 'web/get[0,50]'), span('late', 'root', 'q/send[40,500]'))).toEqual(['root 0-40', 'late 40-50']);
  });
});

const lengthOf = ({ start, end }: Span) => end - start;

/** Forests of spans with whatever parents and times, rings and missing parents included. */
const forest = fc
  .array(fc.record({ parent: fc.nat(30), start: fc.integer({ min: -1000, max: 1000 }), length: fc.nat(1000), service: fc.nat(3) }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((all) =>
    all.map(({ parent, start, length, service }, index) =>
      span(`s${index}`, parent === 30 ? null : `s${parent}`, `svc${service}/op[${start},${start + length}]`),
    ),
  );

describe('of any spans', () => {
  it('every one hangs under exactly one root', () => {
    fc.assert(
      fc.property(forest, (spans) => {
        const { roots, children } = treeOf(spans);
        const reached = roots.flatMap((root) => descend(root, children)).map(({ id }) => id);
        expect(reached.toSorted()).toEqual(spans.map(({ id }) => id).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('the critical path follows without a gap, is as long as its root, and holds only spans at their time', () => {
    fc.assert(
      fc.property(forest, (spans) => {
        const { roots, children } = treeOf(spans);
        for (const root of roots) {
          const path = criticalPath(root, children);
          expect(path.reduce((sum, { from, until }) => sum + until - from, 0)).toBe(root.end - root.start);
          path.forEach(({ span: { start, end }, from, until }, index) => {
            expect(from).toBe(index === 0 ? root.start : path[index - 1]?.until);
            expect(from >= start && until <= end && from < until).toBe(true);
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('clocks are set by callers: a call that is waited for lies in its caller where it fits, lengths stay, a second look moves nothing', () => {
    fc.assert(
      fc.property(forest, (timed) => {
        const { spans } = withoutSkew(timed, treeOf(timed));
        expect(spans.map(lengthOf)).toEqual(timed.map(lengthOf));
        const { roots, children } = treeOf(spans);
        for (const caller of roots.flatMap((root) => descend(root, children))) {
          for (const callee of children.get(caller.id) ?? []) {
            if (callee.clock === caller.clock) continue;
            expect(callee.start).toBeGreaterThanOrEqual(caller.start);
            if (callee.end - callee.start <= caller.end - caller.start) expect(callee.end).toBeLessThanOrEqual(caller.end);
          }
        }
        expect(withoutSkew(spans, treeOf(spans)).moved).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

it('a chain and a fan of thousands are read', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => span(`s${index}`, index === 0 ? null : `s${index - 1}`, 'a/b[0,10]'));
  expect(pathOf(...chain)).toEqual(['s19999 0-10']);
  const fan = chain.map((one, index) => ({ ...one, parent: index === 0 ? null : 's0', start: index === 0 ? 0 : 5 }));
  const { roots, children } = treeOf(fan);
  expect(criticalPath(roots[0] ?? span('', null, 'a/b[0,0]'), children)).toHaveLength(2);
});

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const ids = { root: 'aaaaaaaaaaaaaaaa', call: 'bbbbbbbbbbbbbbbb' };

function otlp(id: (hex: string) => string, kind: (name: string, code: number) => unknown, scopes: string) {
  const attributes = (service: string) => ({ attributes: [{ key: 'service.name', value: { stringValue: service } }] });
  const times = { startTimeUnixNano: '1767322800000000000', endTimeUnixNano: '1767322800100000000' };
  return [
    {
      resource: attributes('web'),
      [scopes]: [
        { spans: [{ spanId: id(ids.root), name: 'GET /', kind: kind('SERVER', 2), ...times, status: { code: kind('ERROR', 2) } }] },
      ],
    },
    {
      resource: attributes('cart'),
      [scopes]: [
        {
          spans: [
            {
              ...{ spanId: id(ids.call), parentSpanId: id(ids.root), name: 'Add', kind: kind('SERVER', 2) },
              // Its clock is an hour ahead.
              ...{ startTimeUnixNano: '1767326400000000000', endTimeUnixNano: '1767326400060000000' },
              status: { code: kind('ERROR', 2), message: 'no stock' },
            },
          ],
        },
      ],
    },
  ];
}

const named = (name: string) => (name === 'ERROR' ? 'STATUS_CODE_ERROR' : `SPAN_KIND_${name}`);

it.each([
  [
    'OpenTelemetry JSON',
    {
      trace: {
        resourceSpans: otlp(
          (id) => id,
          (_name, code) => code,
          'scopeSpans',
        ),
      },
      metrics: {},
    },
  ],
  ['JSON of protobuf', { trace: { resourceSpans: otlp(base64, named, 'scopeSpans') } }],
  ['the older form', { batches: otlp(base64, named, 'instrumentationLibrarySpans') }],
])('a trace is understood in %s', (_, answer) => {
  const summary = summarize(TraceAnswer.parse(answer));
  expect(summary).toMatchObject({
    ...{ complete: true, note: '', spans: 2, startedAt: '2026-01-02T03:00:00.000Z', skewed: 1 },
    root: { service: 'web', name: 'GET /', durationMs: 100, error: true },
    criticalPath: [
      { service: 'web', name: 'GET /', ms: 40, percent: 40 },
      { service: 'cart', name: 'Add', spanId: ids.call, ms: 60, percent: 60, error: true },
    ],
    errors: { spans: 2, origins: [{ service: 'cart', name: 'Add', count: 1, message: 'no stock' }], originsOmitted: 0 },
    calls: [{ from: 'web', to: 'cart', count: 1, errors: 1 }],
  });
});

it('a trace that lacks spans says so', () => {
  const [, cart] = otlp(
    (id) => id,
    (_name, code) => code,
    'scopeSpans',
  );
  expect(summarize(TraceAnswer.parse({ trace: { resourceSpans: [cart] } }))).toMatchObject({
    complete: false,
    note: '1 spans name a parent that is not in the trace',
  });
  expect(summarize(TraceAnswer.parse({ trace: { resourceSpans: [cart] }, status: 'PARTIAL', message: 'too large' }))).toMatchObject({
    complete: false,
    note: 'too large',
  });
});
