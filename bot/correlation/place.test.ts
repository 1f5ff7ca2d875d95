import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createServiceGraph, type ServiceGraph } from './graph.ts';
import { type Arrival, explained, type Nearby, place, rootOf } from './place.ts';
import { scopeOfService } from './scope.ts';

const minute = 60_000;
const windowMs = 30 * minute;
const shop = createServiceGraph([
  { name: 'frontend', dependsOn: ['checkout', 'cart', 'catalog'] },
  { name: 'checkout', dependsOn: ['payment'] },
  { name: 'cart', dependsOn: [] },
  { name: 'catalog', dependsOn: [] },
  { name: 'payment', dependsOn: [] },
]);

interface Told extends Arrival {
  readonly change?: string | undefined;
}

interface Held {
  readonly id: string;
  readonly alerts: Told[];
}

/** The incidents that a stream of alerts makes, none of them closed. */
function played(alerts: readonly Told[], graph: ServiceGraph): readonly Held[] {
  const incidents: Held[] = [];
  for (const alert of alerts) {
    const nearby = incidents.map(({ id, alerts: own }): Nearby => {
      const scopes = [...new Set(own.map(({ scope }) => scope))];
      return {
        incidentId: id,
        openedAt: own[0]?.startsAt ?? 0,
        closedAt: null,
        scopes,
        latestAt: Math.max(...own.map(({ startsAt }) => startsAt)),
        sameFingerprint: own.some(({ fingerprint }) => fingerprint === alert.fingerprint),
        sameChange: own.some(({ change }) => change !== undefined && change === alert.change),
      };
    });
    const where = place(alert, nearby, graph, windowMs);
    if (where.kind === 'open') incidents.push({ id: `i${incidents.length}`, alerts: [alert] });
    else incidents.find(({ id }) => id === where.incidentId)?.alerts.push(alert);
  }
  return incidents;
}

let count = 0;
const about = (service: string, change?: string): Told => {
  count += 1;
  return { fingerprint: `f${count}`, scope: scopeOfService(service), startsAt: 0, change };
};
const servicesOf = ({ alerts }: Held) => new Set(alerts.map(({ scope }) => scope.slice('service:'.length)));
const sets = (held: readonly Held[]) => held.map(servicesOf);

describe('one cause is one incident', () => {
  test('200 alerts of one service', () => {
    const held = played(
      Array.from({ length: 200 }, () => about('checkout')),
      shop,
    );
    expect(held).toHaveLength(1);
    expect(held[0]?.alerts).toHaveLength(200);
  });

  test('the cause and what suffers with it, whichever is heard of first', () => {
    const names = ['payment', 'checkout', 'frontend'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 3 }), (order) => {
        expect(
          sets(
            played(
              order.map((name) => about(name)),
              shop,
            ),
          ),
        ).toEqual([new Set(order)]);
      }),
    );
  });

  test('a deploy that broke services which have nothing else in common', () => {
    expect(played([about('cart', 'd1'), about('catalog', 'd1')], shop)).toHaveLength(1);
    expect(played([about('cart', 'd1'), about('catalog', 'd2')], shop)).toHaveLength(2);
  });
});

describe('two causes are two incidents', () => {
  test('with a common victim, in every order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['catalog', 'checkout', 'frontend'], { minLength: 3 }), (order) => {
        const held = played(
          order.map((name) => about(name)),
          shop,
        );
        const apart = held.findIndex((one) => servicesOf(one).has('catalog')) !== held.findIndex((one) => servicesOf(one).has('checkout'));
        expect([held.length, apart]).toEqual([2, true]);
      }),
    );
  });

  test('at the same time, of things that nobody configured', () => {
    const alerts: Told[] = ['workload:n/a', 'workload:n/b'].map((scope) => ({ fingerprint: scope, scope, startsAt: 0 }));
    expect(played(alerts, shop)).toHaveLength(2);
  });
});

/** Random graphs and streams. */
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const graphs = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 8 })
  .map((calls) =>
    createServiceGraph(
      names.map((name) => ({ name, dependsOn: calls.filter(([from, to]) => from === name && to !== name).map(([, to]) => to) })),
    ),
  );
const streams = fc.array(
  fc.record({
    fingerprint: fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'),
    scope: fc.constantFrom(...names).map(scopeOfService),
    startsAt: fc.integer({ min: 0, max: 120 * minute }),
    change: fc.option(fc.constantFrom('d1', 'd2'), { nil: undefined, freq: 8 }),
  }),
  { maxLength: 40 },
);

describe('of every stream of alerts', () => {
  test('each is under exactly one incident', () => {
    fc.assert(
      fc.property(graphs, streams, (graph, alerts) => {
        const found = played(alerts, graph).flatMap((held) => held.alerts);
        expect(found).toHaveLength(alerts.length);
        expect(new Set(found)).toEqual(new Set(alerts));
      }),
    );
  });

  test('what is together has something in common: a fingerprint, a service, a deploy, or calls between them', () => {
    fc.assert(
      fc.property(graphs, streams, (graph, alerts) => {
        for (const { alerts: own } of played(alerts, graph))
          own.slice(1).forEach((alert, index) => {
            const earlier = own.slice(0, index + 1);
            const service = alert.scope.slice('service:'.length);
            const near = new Set([...graph.upstream(service).keys(), ...graph.downstream(service).keys()].map(scopeOfService));
            const common = earlier.some(
              (other) =>
                other.fingerprint === alert.fingerprint ||
                other.scope === alert.scope ||
                (other.change !== undefined && other.change === alert.change) ||
                near.has(other.scope),
            );
            expect(common).toBe(true);
          });
      }),
    );
  });

  test('services that no call, deploy or fingerprint connects never share an incident', () => {
    fc.assert(
      fc.property(graphs, streams, (graph, alerts) => {
        const plain = alerts.map((alert, index) => ({ ...alert, fingerprint: `own${index}`, change: undefined }));
        for (const held of played(plain, graph)) expect(new Set([...servicesOf(held)].map(graph.component)).size).toBe(1);
      }),
    );
  });

  test('there are never more incidents than services, while none is closed', () => {
    fc.assert(
      fc.property(graphs, streams, (graph, alerts) => {
        expect(played(alerts, graph).length).toBeLessThanOrEqual(new Set(alerts.map(({ scope }) => scope)).size);
      }),
    );
  });

  test('the same answer comes from the same incidents, in whatever order they are listed', () => {
    const nearby = fc.record({
      incidentId: fc.uuid(),
      openedAt: fc.integer({ min: 0, max: 60 * minute }),
      closedAt: fc.option(fc.integer({ min: 0, max: 60 * minute })),
      scopes: fc.array(fc.constantFrom(...names).map(scopeOfService), { minLength: 1, maxLength: 3 }),
      latestAt: fc.integer({ min: 0, max: 60 * minute }),
      sameFingerprint: fc.boolean(),
      sameChange: fc.boolean(),
    });
    const arrivals = fc.record({
      fingerprint: fc.constant('f'),
      scope: fc.constantFrom(...names).map(scopeOfService),
      startsAt: fc.nat(60 * minute),
    });
    fc.assert(
      fc.property(
        graphs,
        arrivals,
        fc.uniqueArray(nearby, { selector: ({ incidentId }) => incidentId, maxLength: 5 }),
        (graph, arrival, list) => {
          expect(place(arrival, list.toReversed(), graph, windowMs)).toEqual(place(arrival, list, graph, windowMs));
        },
      ),
    );
  });
});

describe('time', () => {
  const incident = (change: Partial<Nearby>): Nearby => ({
    incidentId: 'i1',
    openedAt: 0,
    closedAt: null,
    scopes: [scopeOfService('checkout')],
    latestAt: 0,
    sameFingerprint: false,
    sameChange: false,
    ...change,
  });
  const at = (service: string, startsAt: number): Arrival => ({ fingerprint: 'f', scope: scopeOfService(service), startsAt });

  test.each([
    ['a victim within the window', at('frontend', 29 * minute), incident({}), 'join'],
    ['a victim after it', at('frontend', 31 * minute), incident({}), 'open'],
    ['the same service, however late', at('checkout', 600 * minute), incident({}), 'join'],
    ['what began before the end of a closed one', at('frontend', minute), incident({ closedAt: 2 * minute }), 'join'],
    ['the same service again after the end', at('checkout', 3 * minute), incident({ closedAt: 2 * minute }), 'reopen'],
    ['a victim after the end', at('frontend', 3 * minute), incident({ closedAt: 2 * minute }), 'open'],
    ['the same alert again after the end', at('cart', 3 * minute), incident({ closedAt: 2 * minute, sameFingerprint: true }), 'reopen'],
  ] as const)('%s', (_, arrival, nearby, kind) => {
    expect(place(arrival, [nearby], shop, windowMs).kind).toBe(kind);
  });

  test('an open one is preferred to a closed one', () => {
    const closed = incident({ incidentId: 'closed', closedAt: 10 * minute, sameFingerprint: true });
    const open = incident({ incidentId: 'open', scopes: [scopeOfService('payment')] });
    expect(place(at('checkout', minute), [closed, open], shop, windowMs)).toEqual({
      kind: 'join',
      incidentId: 'open',
      reason: 'dependency',
    });
  });
});

test('the root moves to what the first one depends on, and not to what merely fails along', () => {
  const root = (...services: string[]) => rootOf(services.map(scopeOfService), shop);
  expect(root('frontend', 'checkout')).toBe('checkout');
  expect(root('frontend', 'checkout', 'payment')).toBe('payment');
  expect(root('checkout', 'frontend')).toBe('checkout');
  expect(root('frontend', 'checkout', 'catalog')).toBe('checkout');
  expect(rootOf(['workload:n/a'], shop)).toBeNull();
});

describe('an alert explains', () => {
  const held = (incidentId: string, service: string, change: Partial<Nearby> = {}): Nearby => ({
    ...{
      incidentId,
      openedAt: 0,
      closedAt: null,
      scopes: [scopeOfService(service)],
      latestAt: 0,
      sameFingerprint: false,
      sameChange: false,
    },
    ...change,
  });
  const graph = createServiceGraph([
    { name: 'orders', dependsOn: ['database'] },
    { name: 'search', dependsOn: ['database'] },
    { name: 'batch', dependsOn: [] },
    { name: 'database', dependsOn: [] },
  ]);
  const other = [held('a', 'orders'), held('b', 'search'), held('c', 'batch')];

  test('incidents whose service at fault depends on its service, but for the one that it joins', () => {
    expect(explained(about('database'), 'a', other, graph, windowMs)).toEqual(['b']);
  });

  test.each([
    ['a victim of both', 'orders', other],
    ['what is closed', 'database', [held('a', 'orders'), held('b', 'search', { closedAt: 1 })]],
    ['what is long ago', 'database', [held('a', 'orders'), held('b', 'search', { openedAt: -2 * windowMs, latestAt: -2 * windowMs })]],
    ['what has a cause of its own', 'database', [held('a', 'orders'), held('b', 'database')]],
  ])('but not %s', (_, service, nearby) => {
    expect(explained(about(service), 'a', nearby, graph, windowMs)).toEqual([]);
  });
});
