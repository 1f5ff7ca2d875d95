import { describe, expect, it } from 'vitest';
import { createRegistry, operations } from './registry.ts';
import { examples } from './testing/examples.ts';

describe('createRegistry', () => {
  it('refuses two operations of one name', () => {
    const [first] = operations;
    if (first === undefined) throw new Error('no operations');
    expect(() => createRegistry([first, first])).toThrow('two operations');
  });

  it('knows nothing that is not listed', () => {
    expect(createRegistry([]).get('kubernetes.get')).toBeUndefined();
    expect(createRegistry().get('__proto__')).toBeUndefined();
  });

  it('has one hash for one set, in whatever order', () => {
    expect(createRegistry(operations.toReversed()).hash).toBe(createRegistry().hash);
  });

  it('changes its hash with a tier', () => {
    const riskier = operations.map((operation) => (operation.kind === 'write' ? { ...operation, tier: 'high' as const } : operation));
    expect(createRegistry(riskier).hash).not.toBe(createRegistry().hash);
  });

  it('has an example for each operation, and no others', () => {
    expect(Object.keys(examples).sort()).toEqual(
      createRegistry()
        .list()
        .map(({ name }) => name),
    );
  });
});
