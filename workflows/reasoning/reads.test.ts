import { describe, expect, it, test } from 'vitest';
import { acceptReads, readKey, readTools } from './reads.ts';
import { estate, known, registry } from './reasoning-testing.ts';

describe('reads that a model asks for', () => {
  const accept = { registry, estate, known, before: new Set<string>(), most: 2 };
  const logs = (pod: string, more: object = {}) => ({
    tool: 'kubernetes__logs',
    input: { site: 'shop', input: { namespace: 'shop', pod, ...more } },
  });
  const pod = 'checkout-7d9c5b8f6b-x2x7k';

  test('are registered reads only, at sites that have their system', () => {
    const names = readTools(registry, estate).map(({ name }) => name);
    expect(names).toContain('kubernetes__logs');
    expect(names.filter((name) => registry.get(name.replace('__', '.'))?.kind !== 'read')).toEqual([]);
    expect(readTools(registry, { sites: [] })).toEqual([]);
    const systems = new Set(registry.list().map(({ name }) => name.split('.')[0] ?? ''));
    for (const system of systems) {
      const sites = ['has', 'has-not'].map((name) => ({
        name,
        environment: 'x',
        systems: [...systems].filter((one) => (one === system) === (name === 'has')),
      }));
      for (const { name, schema } of readTools(registry, { sites }))
        expect(schema['properties']).toMatchObject({ site: { enum: [name.startsWith(`${system}__`) ? 'has' : 'has-not'] } });
    }
  });

  it.each([
    ['a write', { tool: 'kubernetes__scale', input: { site: 'shop', input: {} } }, 'does not exist'],
    ['an unknown tool', { tool: 'shell', input: {} }, 'does not exist'],
    ['another form', { tool: 'kubernetes__logs', input: 'kubectl logs' }, 'another form'],
    ['a picture, which cannot be redacted', { tool: 'grafana__panel_image', input: { site: 'shop', input: {} } }, 'does not exist'],
    ['a system that the site has not', { tool: 'helm__list', input: { site: 'shop', input: {} } }, 'at that site'],
    ['an unknown site', { tool: 'kubernetes__logs', input: { site: 'evil', input: { namespace: 'shop', pod } } }, 'at that site'],
    ['an input that is not valid', logs('--kubeconfig=/etc/x'), 'not valid'],
    ['a name that no evidence has', logs('made-up-evil'), 'names what no evidence names'],
  ])('are not taken with %s', (_, call, words) => {
    const { probes, refused } = acceptReads([call], accept);
    expect(probes).toEqual([]);
    expect(refused).toEqual([expect.stringContaining(words)]);
  });

  test('are made once, and no more at once than allowed', () => {
    const [first] = acceptReads([logs(pod)], accept).probes;
    if (first === undefined) throw new Error('it was not taken');
    expect(
      acceptReads([logs(pod), logs(pod, { tail: 10 }), logs(pod, { tail: 11 }), logs(pod, { tail: 12 })], {
        ...accept,
        before: new Set([readKey(first)]),
      }),
    ).toMatchObject({
      probes: [{ input: { tail: 10 } }, { input: { tail: 11 } }],
      refused: ['kubernetes.logs: that was read already', 'kubernetes.logs: only 2 reads at once'],
    });
  });
});
