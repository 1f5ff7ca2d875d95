import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigInvalid, loadSettings, parseConfigFile, readSettings } from './config.ts';
import { configSchema } from './config-schema.ts';

const guides = join(import.meta.dirname, '../docs/guides');
const example = () => readFileSync(join(guides, 'watchkeeper.example.yaml'), 'utf8');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'watchkeeper.yaml');
  writeFileSync(path, text);
  return path;
}

function problemsWith(variables: Record<string, string>): readonly string[] {
  try {
    loadSettings({ WATCHKEEPER_CONFIG: variables['WATCHKEEPER_CONFIG'] ?? file(''), ...variables });
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
}

describe('the environment', () => {
  test('is complete when empty: every part has an embedded default', () => {
    const { env } = loadSettings({ WATCHKEEPER_CONFIG: file(''), DATABASE_URL: '' });
    expect(env).toMatchObject({ PORT: 8080, WATCHKEEPER_DATA: '.watchkeeper', LOG_LEVEL: 'info' });
    expect(env.DATABASE_URL).toBeUndefined();
  });

  test('everything that is wrong, in the file too, is in one list', () => {
    const problems = problemsWith({
      WATCHKEEPER_CONFIG: file('people:\n  - id: Alice\n    name: A\n    roles: [king]\nsurprise: 1\n'),
      TEMPORAL_ADDRESS: 'temporal',
      SLACK_APP_TOKEN: 'xoxb-made-up',
      PORT: '80000',
      PAYLOAD_KEY: 'abc',
      LINEAR_API_KEY: 'made-up',
      PAGERDUTY_API_TOKEN: 'made-up',
    });
    for (const part of ['TEMPORAL_ADDRESS', 'SLACK_APP_TOKEN', 'PORT', 'PAYLOAD_KEY', 'LINEAR_TEAM_KEY', 'PAGERDUTY_FROM_EMAIL'])
      expect(problems.filter((problem) => problem.includes(part)).length, part).toBeGreaterThan(0);
    expect(problems.join('\n')).toMatch(/people\.0\.id/);
    expect(problems.join('\n')).toMatch(/people\.0\.roles\.0/);
    expect(problems.join('\n')).toMatch(/surprise/);
  });

  test('no value of a variable is repeated in the list', () => {
    expect(problemsWith({ PAYLOAD_KEY: 'made-up-secret', SLACK_BOT_TOKEN: 'made-up-secret' }).join('\n')).not.toContain('made-up-secret');
  });

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN'],
    [{ SLACK_SIGNING_SECRET: 'made-up' }, 'SLACK_BOT_TOKEN'],
    [{ SLACK_API_URL: 'https://slack.example' }, '/api/'],
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_ID'],
    [{ OIDC_CLIENT_SECRET: 'made-up' }, 'OIDC_ISSUER'],
    [{ OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'wk' }, 'must be a https address'],
    [{ OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'urn:watchkeeper:api' }, 'oidc.audience is the id of a client'],
    [{ WATCHKEEPER_CONFIG: '/nowhere/watchkeeper.yaml' }, 'no file at /nowhere/watchkeeper.yaml'],
  ] as Record<string, string>[][] as [Record<string, string>, string][])('%j names what is missing', (variables, words) => {
    expect(problemsWith(variables).join('\n')).toContain(words);
  });
});

test('the token of the receiver of checkpoints is in the variable that the file names', () => {
  const config = (name: string) => file(`audit: { checkpoints: { http: { url: "https://logs.example/c"${name} } } }\n`);
  const read = (name: string, variables: Record<string, string>) =>
    loadSettings({ WATCHKEEPER_CONFIG: config(name), ...variables }).env.AUDIT_CHECKPOINTS_TOKEN;
  expect(read('', { AUDIT_CHECKPOINTS_TOKEN: 'a', OTHER: 'b' })).toBe('a');
  expect(read(', tokenVariable: OTHER', { AUDIT_CHECKPOINTS_TOKEN: 'a', OTHER: 'b' })).toBe('b');
  expect(read(', tokenVariable: OTHER', { AUDIT_CHECKPOINTS_TOKEN: 'a' })).toBeUndefined();
  expect(problemsWith({ WATCHKEEPER_CONFIG: config(', tokenVariable: OTHER'), OTHER: 'two words' }).join()).toContain('visible ASCII');
});

describe('the file', () => {
  const site = 'sites:\n  - name: shop\n';
  const github = '{ repositories: [acme/a], token: { read: /r, write: /w } }';
  const people = 'people: [{ id: ann, name: Ann, roles: [approver] }]\n';
  const rule = (asks: string) => `autonomy: { rules: [{ mode: require, ${asks} }] }\n`;
  const window = (rest: string) => `calendar: { windows: [{ name: day, days: [1], from: "09:00", ${rest} }] }\n`;

  test.each([
    ['a site that is not listed', 'services:\n  - { name: a, site: elsewhere, namespace: n }\n', 'service a: site elsewhere is not listed'],
    [
      'an owner who is not listed',
      `${site}services:\n  - { name: a, site: shop, namespace: n, owners: [zoe] }\n`,
      'service a: owner zoe is not listed',
    ],
    [
      'a dependency that is not listed',
      `${site}services:\n  - { name: a, site: shop, namespace: n, dependsOn: [b] }\n`,
      'service a: dependsOn b is not listed',
    ],
    [
      'a service of Git whose site has not its forge',
      `${site}services:\n  - { name: a, site: shop, namespace: n, gitops: { repository: acme/a, manifest: a.yaml } }\n`,
      'service a: gitops needs sites[].github at site shop',
    ],
    [
      'a service of Git that says nothing of where it stands',
      `${site}services:\n  - { name: a, site: shop, namespace: n, gitops: { repository: acme/a } }\n`,
      'needs manifest, or where image, replicas or resources stand',
    ],
    [
      'a file from which two sites are deployed',
      `sites:\n  - name: shop\n    github: ${github}\n  - name: test\n    github: ${github}\nservices:\n${['shop', 'test']
        .map((one) => `  - { name: ${one}, site: ${one}, namespace: n, gitops: { repository: acme/a, manifest: a.yaml } }\n`)
        .join('')}`,
      'service test: gitops: a.yaml is that of shop at site shop too: give each site a file of its own',
    ],
    [
      'checkpoints that would go over the network in the clear',
      'audit: { checkpoints: { http: { url: "http://logs.example/c" } } }\n',
      'audit.checkpoints.http.url must start with https://',
    ],
    [
      'a credential in Vault where nobody can log in',
      'sites: [{ name: a, tempo: { url: "https://t.example", token: { read: { vault: { path: s/data/t, field: f } }, write: /w } } }]\n',
      'site a: tempo.token.read is in Vault: set credentials.vault of the site',
    ],
    [
      'a credential in a variable that is for something else',
      'sites: [{ name: a, tempo: { url: "https://t.example", token: { read: { env: LINEAR_API_KEY }, write: /w } } }]\n',
      'site a: tempo.token.read: LINEAR_API_KEY is for something else',
    ],
    [
      'a token of checkpoints that is for something else',
      'audit: { checkpoints: { http: { url: "https://logs.example/c", tokenVariable: AUDIT_SIGNING_KEY } } }\n',
      'tokenVariable: AUDIT_SIGNING_KEY is for something else',
    ],
    ['a site listed twice', `${site}  - name: shop\n`, 'site shop is listed twice'],
    [
      'one Slack user for two people',
      'people:\n  - { id: a, name: A, roles: [viewer], slack: { team: T1, user: U1 } }\n  - { id: b, name: B, roles: [admin], slack: { team: T1, user: U1 } }\n',
      'Slack user T1/U1 is listed twice',
    ],
    [
      'one OIDC subject for two people',
      'people:\n  - { id: a, name: A, roles: [viewer], oidc: s1 }\n  - { id: b, name: B, roles: [admin], oidc: s1 }\n',
      'OIDC subject s1 is listed twice',
    ],
    ['text that is not YAML', 'people: [', 'not valid YAML'],
    [
      'an unknown key, deep down',
      'sites:\n  - { name: shop, kubernetes: { context: c, kubeconfig: { read: r, write: w, admin: x } } }\n',
      'admin',
    ],
    [
      'a bundle over http from elsewhere',
      'policy: { bundle: "http://bundles.example/policy.tar.gz" }\n',
      'policy.bundle: must start with https://',
    ],
    ['a network that is none', 'policy: { networks: [10.0.0.0] }\n', 'policy.networks.0: must be a network, e.g. 10.20.0.0/16'],
    ['a group of somebody unknown', `${people}groups: [{ name: ops, members: [ann, ben] }]\n`, 'group ops: member ben is not listed'],
    ['a group without members', `${people}groups: [{ name: ops, members: [] }]\n`, 'groups.0.members'],
    ['a group that looks like owners', `${people}groups: [{ name: "owners:cart", members: [ann] }]\n`, 'groups.0.name'],
    [
      'a group listed twice',
      `${people}groups: [{ name: ops, members: [ann] }, { name: ops, members: [ann] }]\n`,
      'group ops is listed twice',
    ],
    ['a rule for an unknown group', `${rule('groups: [{ group: ops, needed: 1 }]')}`, 'autonomy.rules.0: there is no group ops'],
    [
      'a rule for owners of an unknown service',
      `${rule('groups: [{ group: "owners:cart", needed: 1 }]')}`,
      'there is no group owners:cart',
    ],
    [
      'a rule for more of a group than it has',
      `${people}groups: [{ name: ops, members: [ann] }]\n${rule('groups: [{ group: ops, needed: 2 }]')}`,
      'autonomy.rules.0: asks for 2 of group ops, which has 1',
    ],
    [
      'a rule for more owners than the service has',
      `sites: [{ name: shop }]\nservices: [{ name: cart, site: shop, namespace: shop }]\n${rule('service: cart, owners: 1')}`,
      'autonomy.rules.0: asks for 1 owners of cart, which has 0',
    ],
    ['a rule that raises to low', 'autonomy: { rules: [{ mode: raise, to: low }] }\n', 'autonomy.rules.0.to'],
    ['a time zone that does not exist', 'calendar: { timezone: Mars/Olympus }\n', 'calendar.timezone: Mars/Olympus is no time zone'],
    [
      'a time zone of a rule that does not exist',
      'autonomy: { rules: [{ mode: deny, windows: [{ days: [1], fromMinute: 0, toMinute: 1, timezone: Nowhere }] }] }\n',
      'autonomy.rules.0: Nowhere is no time zone',
    ],
    [
      'a time zone of a window that does not exist',
      window('to: "17:00", timezone: Nowhere'),
      'calendar.windows.0: Nowhere is no time zone',
    ],
    ['a window that ends when it starts', window('to: "09:00"'), 'calendar.windows.0'],
    ['a time that no day has', window('to: "24:30"'), 'calendar.windows.0.to'],
    ['a window of no site', window('to: "17:00", sites: []'), 'calendar.windows.0.sites'],
    [
      'a freeze that ends before it begins',
      'calendar: { freezes: [{ name: f, from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }] }\n',
      'freeze f ends before it begins',
    ],
    ['more than all of a workload', 'autonomy: { budgets: { percentPerStep: 101 } }\n', 'percentPerStep'],
    ['a glass broken by responders', 'autonomy: { breakGlass: { roles: [responder] } }\n', 'autonomy.breakGlass'],
    ['a glass broken for more than an hour', 'autonomy: { breakGlass: { maxMinutes: 61 } }\n', 'autonomy.breakGlass'],
    ['secrets for a language model', 'llm: { egress: [{ provider: openai, classes: [secret] }] }\n', 'llm.egress.0.classes.0'],
    ['a rule of an unknown mode', 'autonomy: { rules: [{ mode: always }] }\n', 'autonomy.rules.0'],
  ])('%s is a problem', (_, text, words) => {
    const { problems } = parseConfigFile(text, 'watchkeeper.yaml');
    expect(problems.join('\n')).toContain(words);
    expect(problems.every((problem) => problem.startsWith('watchkeeper.yaml'))).toBe(true);
  });

  test('what is left out about policy is generous, and break-glass lasts an hour at most', () => {
    const { file: empty } = parseConfigFile('', 'watchkeeper.yaml');
    expect(empty).toMatchObject({
      groups: [],
      autonomy: {
        rules: [],
        budgets: { stepsPerPlan: 10, targetsPerStep: 5, replicasPerStep: 500, percentPerStep: 100, writesPerHour: 20 },
        breakGlass: { roles: ['approver', 'admin'], maxMinutes: 60 },
      },
      calendar: { timezone: 'UTC', freezes: [], windows: [] },
      llm: { egress: [] },
    });
    expect(parseConfigFile('autonomy: { breakGlass: off }', 'watchkeeper.yaml').file.autonomy.breakGlass).toBe('off');
  });

  test('the example is valid, and by the schema for editors too', () => {
    expect(parseConfigFile(example(), 'example').problems).toEqual([]);
    const ajv = new Ajv2020({ strict: true, strictTypes: false });
    addFormats.default(ajv);
    const validate = ajv.compile(configSchema());
    expect(validate(parse(example())), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ people: [{ id: 'a', name: 'A', roles: ['king'] }] })).toBe(false);
    expect(validate({ surprise: 1 })).toBe(false);
  });

  test('the committed schema is current: node bot/main.ts config schema prints it', () => {
    expect(JSON.parse(readFileSync(join(guides, 'watchkeeper.schema.json'), 'utf8'))).toEqual(configSchema());
  });
});

test('a configuration file that cannot be read is a problem like every other', () => {
  expect(readSettings({ WATCHKEEPER_CONFIG: '/' }).problems).toEqual(['WATCHKEEPER_CONFIG: / cannot be read (EISDIR)']);
});
