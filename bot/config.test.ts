import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigInvalid, loadSettings, parseConfigFile } from './config.ts';
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
    [{ WATCHKEEPER_CONFIG: '/nowhere/watchkeeper.yaml' }, 'no file at /nowhere/watchkeeper.yaml'],
  ] as Record<string, string>[][] as [Record<string, string>, string][])('%j names what is missing', (variables, words) => {
    expect(problemsWith(variables).join('\n')).toContain(words);
  });
});

describe('the file', () => {
  const site = 'sites:\n  - name: shop\n';
  test.each([
    ['a site that is not listed', 'services:\n  - { name: a, site: elsewhere, namespace: n }\n', 'service a: site elsewhere is not listed'],
    [
      'an owner who is not listed',
      `${site}services:\n  - { name: a, site: shop, namespace: n, owners: [zoe] }\n`,
      'service a: owner zoe is not listed',
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
    ['a rule of an unknown mode', 'autonomy: { rules: [{ mode: always }] }\n', 'autonomy.rules.0'],
  ])('%s is a problem', (_, text, words) => {
    const { problems } = parseConfigFile(text, 'watchkeeper.yaml');
    expect(problems.join('\n')).toContain(words);
    expect(problems.every((problem) => problem.startsWith('watchkeeper.yaml'))).toBe(true);
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
