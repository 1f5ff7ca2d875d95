import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NotFound } from '../errors.ts';
import type { Command } from '../operation.ts';
import { hostileText, mutations } from '../testing/arbitraries.ts';
import { examples, sampleSite } from '../testing/examples.ts';
import { system } from './index.ts';
import { policyOf } from './policy-file.ts';

/** Command lines that can print nothing of what a key-value store holds: the second word decides, or the path does. */
const harmless = [
  /^(status|auth list|secrets list|policy list|policy read|audit list)\b/,
  /^operator (raft list-peers|key-status|rotate)\b/,
  /^kv (list|metadata get) /,
  /^list -format=json sys\/leases\/lookup\//,
  /^lease (lookup|renew|revoke) /,
  /^token (lookup|revoke) (-format=json )?-accessor /,
];

function expectNoData(command: Command): void {
  if (command.kind !== 'cli') {
    expect(command.kind === 'http' && command.path).toMatch(/^\/v1\/sys\/(?!raw|wrapping|internal)/);
    return;
  }
  const line = command.argv.join(' ');
  if (harmless.some((pattern) => pattern.test(line))) return;
  // What could be a path of a key-value store is looked up before: of a store that has none of these types nothing is read.
  expect(command.bound?.command).toMatchObject({ argv: ['secrets', 'list', '-format=json'] });
  expect(command.argv).toContain(command.bound?.placeholder);
  for (const type of ['kv', 'cubbyhole', 'generic']) {
    const [mount = ''] = /^.*(?=\/(certs$|cert\/|keys\/|static-roles\/|rotate-role\/))/.exec(command.bound?.placeholder ?? '') ?? [];
    const stdout = JSON.stringify({ [`${mount}/`]: { type } });
    expect(() => command.bound?.value({ exitCode: 0, stdout, stderr: '' })).toThrow(NotFound);
  }
}

describe.each(system.operations.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const input = examples[name]?.input ?? {};

  it('can print no value of a key-value store, whatever it is asked, with the program or without', () => {
    for (const has of [true, false]) expectNoData(operation.command(operation.input.parse(input), { ...sampleSite, has: () => has }));
    const places = mutations(input);
    if (places.length === 0) return;
    const paths = fc.oneof(hostileText, fc.constantFrom('secret/data', 'secret/data/app', 'secret', 'cubbyhole', 'sys/raw', 'kv/cert'));
    fc.assert(
      fc.property(fc.constantFrom(...places), paths, fc.boolean(), (mutate, value, has) => {
        const parsed = operation.input.safeParse(mutate(value));
        if (parsed.success) expectNoData(operation.command(parsed.data, { ...sampleSite, has: () => has }));
      }),
      { numRuns: 100 },
    );
  });
});

it('writes a policy with one rule for each path, and nothing that is no right of Vault', () => {
  expect(policyOf(['read sys/b', 'sudo, read sys/a', 'list sys/b'])).toBe(
    'path "sys/a" {\n  capabilities = ["read", "sudo"]\n}\n\npath "sys/b" {\n  capabilities = ["list", "read"]\n}\n',
  );
  expect(() => policyOf(['everything'])).toThrow(TypeError);
});
