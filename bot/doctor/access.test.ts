import { expect, test } from 'vitest';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { Site } from '../../tools/site.ts';
import { readSettings } from '../config.ts';
import { silent } from '../store/testing.ts';
import { checkAccess } from './access.ts';

const look = async (settings: object, siteVariables = {}) => {
  const reading = { ...readSettings({ WATCHKEEPER_CONFIG: '' }), siteVariables };
  const redactor = createGrowingRedactor([], new Uint8Array(32));
  return await checkAccess(Site.parse({ name: 'shop', ...settings }), reading, redactor, silent);
};

test('what cannot be read of the credentials of a site is said with what to do', async () => {
  const inVault = { vault: { path: 'secret/data/tempo', field: 'read' } };
  const findings = await look({
    ...{ grafana: { url: 'https://g.example', token: { read: '/nowhere/read', write: { env: 'GRAFANA_WRITE' } } } },
    tempo: { url: 'https://t.example', token: { read: inVault, write: import.meta.filename } },
    credentials: { vault: { address: 'https://127.0.0.1:1', auth: { tokenFile: import.meta.filename } } },
  });
  expect(findings.filter(({ ok }) => !ok).map(({ name, detail, todo }) => `${name}: ${detail} → ${todo}`)).toEqual([
    expect.stringMatching(/^site shop, tempo\.token\.read: .*vault\.auth\.tokenFile/),
    expect.stringMatching(/^site shop, grafana\.token\.read: \/nowhere\/read cannot be read → write the file/),
    expect.stringMatching(/^site shop, grafana\.token\.write: .*GRAFANA_WRITE is not set.* → set the variable/),
  ]);
});

test('that all can be read is said once', async () => {
  const token = { read: { env: 'GRAFANA_READ' }, write: import.meta.filename };
  const [finding] = await look({ grafana: { url: 'https://g.example', token } }, { GRAFANA_READ: 'made-up-token' });
  expect(finding).toMatchObject({ name: 'site shop, credentials', ok: true, detail: 'all 2 can be read from here' });
  expect(JSON.stringify(finding)).not.toContain('made-up');
});
