import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SiteIncomplete } from './errors.ts';
import { programsOf } from './git/lines.ts';
import type { AnyOperation, Command } from './operation.ts';
import { isDryRun } from './prepare.ts';
import { createRegistry } from './registry.ts';
import type { Site } from './site.ts';
import { requestsOf } from './slots.ts';
import { programs, systems } from './systems.ts';
import { hostileText, mutations } from './testing/arbitraries.ts';
import type { Example } from './testing/example.ts';
import { examples, sampleSite } from './testing/examples.ts';
import { flags } from './testing/flags.ts';
import { viaOf } from './via.ts';

/** What every operation of every system has to keep, whoever writes it. */

const operations = createRegistry().list();
const named = operations.map((operation) => [operation.name, operation] as const);

function exampleOf({ name }: AnyOperation): Example {
  const example = examples[name];
  if (example === undefined) throw new Error(`no example for ${name}`);
  return example;
}

function lineOf(command: Command): string {
  if (command.kind === 'cli') return [command.binary, ...command.argv].join(' ');
  if (command.kind === 'git' || command.kind === 'requests')
    return (command.kind === 'git' ? programsOf(command) : requestsOf(command))
      .map(({ when, command: one }) => `${when === null ? '' : `[${when}] `}${lineOf(one)}`)
      .join('\n');
  if (command.kind === 'http') return `${command.method} ${command.service}${command.path} ${JSON.stringify(command.query)}`;
  const via = viaOf({} as Site, command, {
    text: (text) => ({ text, count: 0 }),
    value: (value) => ({ value, count: 0 }),
    version: '',
  });
  return via.kind === 'http' ? `${via.method} ${via.url}` : '';
}

function flagOf(argument: string): string | null {
  return /^--?([^=]+)/.exec(argument)?.[1] ?? null;
}

/** Null: the site refuses to. */
function commandOf(operation: AnyOperation, input: unknown): Command | null {
  try {
    return operation.command(input, sampleSite);
  } catch (error) {
    if (error instanceof SiteIncomplete) return null;
    throw error;
  }
}

/** Flags whose value is words that no program takes for anything else. */
const wordFlags: readonly (string | null)[] = ['filter', 'title'];

/** Files that the site's settings name, and no others. */
const settingFiles = /^--objstore\.config-file=\/credentials\/(read|write)$/;

/** What a program could take for a path: the value of a flag, or an argument up to what it sets. */
function partOf(argument: string): string {
  if (wordFlags.includes(flagOf(argument))) return '';
  return argument.startsWith('-') ? argument.replace(/^[^=]*=?/, '') : (argument.replace(/^https:\/\/[a-z.]+\//, '').split('=')[0] ?? '');
}

/** Fails unless a command holds nothing but our own flags, one-line arguments and no way to a file. */
function expectHarmless(command: Command): void {
  if (command.kind === 'http') {
    expect(new URL(command.path, 'http://service.example').pathname).toBe(command.path);
    return;
  }
  if (command.kind === 'requests') {
    for (const { command: one } of requestsOf(command)) expectHarmless(one);
    return;
  }
  if (command.kind === 'probe') {
    expect(command.host).toMatch(/^[a-z0-9_.-]+\.shop\.example$/);
    expect(command.path ?? '/').toMatch(/^\/[\x21-\x7e]*$/);
    return;
  }
  if (command.kind === 'git') {
    expect(command.remote).toMatch(/^https:\/\/[a-z.]+\/acme(\/[A-Za-z0-9._-]+)+\.git$/);
    for (const text of [command.message, command.description]) expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    for (const { command: one } of programsOf(command)) expectHarmless(one);
    return;
  }
  for (const argument of command.argv) {
    expect(argument).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    expect(argument.length).toBeLessThan(5000);
    if (argument.startsWith('-') && argument !== '--') expect(flags.get(command.binary)?.allowed).toContain(flagOf(argument));
    if (flagOf(argument) === 'filename' || flagOf(argument) === 'values' || flagOf(argument) === 'body-file')
      expect(argument).toMatch(/^--[a-z-]+=-$/);
    if (command.binary !== 'promtool' && !settingFiles.test(argument))
      expect(partOf(argument)).not.toMatch(/^(@|file:|~|\.{0,2}\/)|\.\.\//);
  }
  expect(command.argv.length).toBeLessThan(50);
  for (const other of [command.bound?.command, command.unless?.command]) if (other !== undefined) expectHarmless(other);
}

describe.each(named)('%s', (_name, operation) => {
  const { input, line } = exampleOf(operation);
  const typed = operation.input.parse(input);
  const command = operation.command(typed, sampleSite);

  it('runs the documented command', () => {
    expect(lineOf(command)).toBe(line);
    expectHarmless(command);
  });

  it('states its permissions, its limits and its types', () => {
    expect(operation.permissions.length).toBeGreaterThan(0);
    expect(operation.summary).toMatch(/^[A-Z].{10,200}[^.]$/);
    expect(operation.timeoutMs).toBeGreaterThan(0);
    expect(operation.timeoutMs).toBeLessThanOrEqual(300_000);
    expect(operation.name).toMatch(/^[a-z]+\.[a-z][a-z0-9_]+$/);
  });

  it('refuses fields that it does not know', () => {
    expect(operation.input.safeParse({ ...input, kubeconfig: '/tmp/x' }).success).toBe(false);
  });

  it('either refuses a hostile value or passes it as one harmless argument', () => {
    const places = mutations(input);
    if (places.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...places), hostileText, (mutate, value) => {
        const parsed = operation.input.safeParse(mutate(value));
        const command = parsed.success ? commandOf(operation, parsed.data) : null;
        if (command !== null) expectHarmless(command);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(operations.filter((operation) => operation.kind === 'write').map((operation) => [operation.name, operation] as const))(
  '%s, a write,',
  (_name, operation) => {
    const { input, dryRun } = exampleOf(operation);
    const typed = operation.input.parse(input);
    const command = operation.command(typed, sampleSite);

    it('shows what it would do by a command that has no effect, or says why it cannot', () => {
      expect(isDryRun(command)).toBe(false);
      if (operation.dryRun === undefined) return expect(operation.noDryRunReason).toMatch(/.{10,}/);
      const dry = operation.dryRun(typed, sampleSite);
      expect(isDryRun(dry)).toBe(true);
      expectHarmless(dry);
      if (dryRun !== undefined) return expect(lineOf(dry)).toBe(dryRun);
      if (dry.kind !== 'cli' || command.kind !== 'cli') throw new Error('not a command line: say how its dry run looks');
      expect(dry.argv.filter((argument) => !/^--(dry-run=(server|true)|output=yaml|hide-secret=true)$/.test(argument))).toEqual(
        command.argv,
      );
      expect(dry.stdin).toEqual(command.stdin);
    });

    it('names a registered read that shows its target, and knows its inverse or says why there is none', () => {
      const state = operation.state(typed);
      const reader = createRegistry().get(state.operation);
      expect(reader?.kind).toBe('read');
      expect(reader?.input.safeParse(state.input).error).toBeUndefined();
      expect(operation.rollback === undefined ? operation.irreversibleReason : 'has one').toMatch(/.{7,}/);
    });
  },
);

it.each(systems.flatMap(({ name, rights = [] }) => rights.map((question) => [name, question] as const)))(
  '%s is asked about rights by a harmless command',
  (_name, { command }) => {
    const asked = command(sampleSite);
    if (asked === null) throw new Error('a site that has everything can be asked');
    expectHarmless(asked);
  },
);

it.each(programs)('%s is never given a flag that trust forbids', (binary) => {
  const { allowed = [], refused = [] } = flags.get(binary) ?? {};
  expect(allowed.filter((flag) => refused.includes(flag))).toEqual([]);
  expect(refused.length).toBeGreaterThan(0);
});

it('asks the HTTP API where promtool is not installed', () => {
  const operation = createRegistry().get('prometheus.query');
  const command = operation?.command({ expr: 'up' }, { ...sampleSite, has: () => false });
  expect(command).toEqual({ kind: 'http', method: 'GET', service: 'prometheus', path: '/api/v1/query', query: { query: 'up' } });
});

it.each(['kubernetes.get', 'kubernetes.describe'])('%s cannot name secrets', (name) => {
  for (const kind of ['secret', 'secrets', 'Secret', 'pods,secrets', 'secrets.v1.']) {
    expect(createRegistry().get(name)?.input.safeParse({ kind, namespace: 'shop', name: 'x' }).success).toBe(false);
  }
});
