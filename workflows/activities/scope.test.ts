import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../tools/registry.ts';
import type { Incident } from '../contracts/incident.ts';
import type { Estate } from '../ports.ts';
import { probesFor } from './scope.ts';

const service = (name: string, change: Partial<Estate['services'][number]> = {}): Estate['services'][number] => ({
  name,
  site: 'shop',
  namespace: 'shop',
  owners: [],
  errorRateQuery: 'up',
  errorRateLimit: 0.05,
  verifyWithinSeconds: 60,
  channel: null,
  ...change,
});

const at = new Date('2026-01-02T04:00:00.000Z');

const estateOf = (...services: Estate['services'][number][]): Estate => ({
  sites: [
    { name: 'shop', environment: 'production', systems: ['kubernetes', 'prometheus'] },
    { name: 'bare', environment: 'production', systems: [] },
  ],
  services,
  people: [],
});

const incidentWith = (text: string, change: Partial<Incident> = {}): Incident => ({
  id: 'i1',
  key: 'k1',
  title: 'Investigation',
  text,
  source: 'slack',
  service: null,
  site: null,
  state: 'queued',
  outcome: null,
  requester: null,
  slack: null,
  createdAt: '2026-01-01T10:00:00.000Z',
  closedAt: null,
  ...change,
});

const estate = estateOf(service('cart'), service('api-gateway'), service('checkout'), service('shop-cart'));

/** Services whose own rollout is read. */
const concerned = (incident: Incident, where = estate) =>
  probesFor(incident, where, at)
    .filter(({ operation }) => operation === 'kubernetes.rollout_state')
    .map(({ input }) => input['name']);

describe('an incident concerns', () => {
  test.each([
    ['cart is slow', ['cart']],
    ['CART, and checkout!', ['cart', 'checkout']],
    ['(api-gateway) fails', ['api-gateway']],
    ['shop-cart fails', ['shop-cart']],
    ['the cartridge is empty', ['cart', 'api-gateway', 'checkout', 'shop-cart']],
    ['', ['cart', 'api-gateway', 'checkout', 'shop-cart']],
  ])('%j: %j', (text, names) => {
    expect(concerned(incidentWith(text))).toEqual(names);
  });

  test('its service where it has one, whatever its text says', () => {
    expect(concerned(incidentWith('cart is slow', { service: 'checkout' }))).toEqual(['checkout']);
    expect(concerned(incidentWith('cart is slow', { service: 'unknown' }))).toEqual([]);
  });
});

test('any name that a service can have is found as a word, and breaks nothing', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom('a.b', '(x', 'x*', '$^', '[a-', '\\', 'a|b', '-', '日本', '(a+)+$'),
  );
  fc.assert(
    fc.property(hostile, (name) => {
      const where = estateOf(service(name), service('otherwise'));
      expect(concerned(incidentWith(`look at ${name} please`), where)).toContain(name);
    }),
  );
});

test('the first round has at most six services of their own, and each namespace once', () => {
  const many = estateOf(...Array.from({ length: 40 }, (_, index) => service(`s${index}`)));
  const probes = probesFor(incidentWith(''), many, at);
  expect(probes.filter(({ operation }) => operation === 'kubernetes.rollout_state')).toHaveLength(6);
  expect(probes.filter(({ operation }) => operation === 'kubernetes.workloads')).toHaveLength(1);
});

test('where a site has Tempo and Grafana, failed traces and pictures of panels are read', () => {
  const registry = createRegistry();
  const hostile = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.constantFrom('a"b', 'x\\', '} || {', '\u202e'));
  const panels = { dashboard: 'shop', panels: [4, 5] };
  const probesOf = (name: string) => {
    const bare = { name: 'bare', environment: 'production', systems: ['tempo', 'grafana'] };
    return probesFor(incidentWith(''), { ...estateOf(service(name, { site: 'bare', panels })), sites: [bare] }, at);
  };
  expect(probesOf('cart').map(({ operation, input }) => [operation, input['query'] ?? input['panel']])).toEqual([
    ['tempo.search', '{ resource.service.name = "cart" && status = error }'],
    ['grafana.panel_image', 4],
    ['grafana.panel_image', 5],
  ]);
  fc.assert(
    fc.property(hostile, (name) => {
      for (const { operation, input } of probesOf(name)) expect(registry.get(operation)?.input.safeParse(input).error).toBeUndefined();
    }),
  );
});

test('only what a site has is read, by registered reads with input that they accept', () => {
  const registry = createRegistry();
  expect(probesFor(incidentWith(''), estateOf(service('a', { site: 'bare' })), at)).toEqual([]);
  for (const probe of probesFor(incidentWith(''), estate, at)) {
    const operation = registry.get(probe.operation);
    expect(operation?.kind).toBe('read');
    expect(operation?.input.safeParse(probe.input).error).toBeUndefined();
  }
});
