import { expect, test } from 'vitest';
import { Environment } from '../config-environment.ts';
import { ConfigFile } from '../config-file.ts';
import { knownSecrets } from '../core.ts';
import { secretsIn } from './webhook-secrets.ts';

test.each([
  [undefined, []],
  ['one', ['one']],
  ['old,new', ['old', 'new']],
  [' old ,\n new ', ['old', 'new']],
  ['old new', ['old', 'new']],
])('%j', (text, secrets) => {
  expect(secretsIn(text)).toEqual(secrets);
});

test('each of two is masked everywhere, not only both together', () => {
  const secrets = knownSecrets(Environment.parse({ PAGERDUTY_WEBHOOK_SECRET: 'made-up-old, made-up-new' }), ConfigFile.parse({}));
  expect(secrets).toEqual(expect.arrayContaining(['made-up-old', 'made-up-new']));
});
