import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Finding } from '../contracts/finding.ts';
import { event, service, shop } from './arbitraries.ts';
import { diagnose } from './diagnose.ts';
import { healthy } from './healthy-testing.ts';
import { noObjects } from './model/index.ts';
import { more, unlikeMore } from './planted-more-testing.ts';
import { api, faults as told } from './planted-testing.ts';
import { unlike, unsaid } from './planted-unsaid-testing.ts';

const faults = [...told, ...unsaid, ...more];

describe('a shop', () => {
  test('where everything works has no finding', () => {
    expect(diagnose(shop())).toEqual([]);
  });

  test.each(healthy)('with %s has no finding', (_name, plant) => {
    expect(diagnose(shop(plant)).map(({ title }) => title)).toEqual([]);
  });

  test.each(faults)('with %s', (_name, plant, cause, entity) => {
    const [first] = diagnose(shop(plant));
    expect({ cause: first?.cause, entity: first?.entity.name }).toEqual({ cause, entity });
    expect(Finding.safeParse(first).error).toBeUndefined();
  });

  test.each([...unlike, ...unlikeMore])('with %s is not taken for another one', (_name, plant, cause) => {
    expect(diagnose(shop(plant)).filter((one) => cause.test(one.cause))).toEqual([]);
  });

  test('of which only a part was seen has no finding that is not true of all of it', () => {
    const lists = Object.keys(noObjects);
    fc.assert(
      fc.property(fc.subarray(lists), (left) => {
        const healthy = shop();
        const partly = { ...healthy, ...Object.fromEntries(left.map((list) => [list, []])) };
        expect(diagnose(partly)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('with two faults names both, whatever else it sees', () => {
    const apart = faults.filter(([, , cause, entity]) => entity === 'api' && !cause.startsWith('database'));
    fc.assert(
      fc.property(fc.constantFrom(...apart), ([, plant, cause]) => {
        const both = shop({ ...plant, objects: [...(plant.objects ?? []), service('web', { selector: { app: 'nobody' } })] });
        const found = diagnose(both).map((one) => one.cause);
        expect(found).toContain(cause);
        expect(found).toContain('service_selector_mismatch');
      }),
    );
  });

  test('is asked at one moment: events of the past explain nothing that works now', () => {
    const past = [
      event(api, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient cpu.'),
      event(api, 'Unhealthy', 'Liveness probe failed: connection refused'),
      event('api-5d9c', 'FailedCreate', 'Error creating: pods "api-5d9c-" is forbidden: serviceaccount "default" not found', 'replicaset'),
    ];
    expect(diagnose(shop({ more: { events: past } }))).toEqual([]);
  });
});
