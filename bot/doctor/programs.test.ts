import pino from 'pino';
import { expect, it } from 'vitest';
import { Site } from '../../tools/site.ts';
import { checkPrograms } from './programs.ts';

const url = 'http://alertmanager.example:9093';
const files = { read: '/run/secrets/read', write: '/run/secrets/write' };
const found = async (settings: object) =>
  (await checkPrograms(Site.parse({ name: 'shop', ...settings }), '/nonexistent', pino({ level: 'silent' }))).map(
    ({ name, detail }) => `${name}: ${detail}`,
  );

it('wants amtool where silences are set by it, says what works without, and does not where the API is asked for everything', async () => {
  expect(await found({ alertmanager: { url } })).toEqual([
    'site shop, amtool: is not on PATH: alerts and silences are read by the API, but no silence can be set or ended',
  ]);
  expect(await found({ alertmanager: { url, token: files } })).toEqual([]);
  expect(await found({ alertmanager: { url, basic: { user: 'shop', password: files } } })).toEqual([]);
  // Without it nothing of Argo CD works, and nothing else is said.
  expect(await found({ argocd: { server: 'argocd.example:443', token: files } })).toContain('site shop, argocd: is not on PATH');
});
