import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Site } from '../site.ts';
import { environmentFor } from '../systems.ts';
import { profileSecrets, profilesRefusal } from './profiles.ts';
import { settings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'aws-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const keys = '[default]\naws_access_key_id = AKIAMADEUP\naws_secret_access_key = made-up\n';

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function siteWith(credentials: object, more: object = {}): Site {
  const aws = settings.parse({ account: '123456789012', regions: ['eu-central-1'], credentials, ...more });
  return { name: 'production', environment: 'production', aws, binaries: {} };
}

describe('profiles', () => {
  it.each([
    ['keys', keys, null],
    ['a role by another profile', `${keys}role_arn = arn:aws:iam::1:role/r\nsource_profile = base\n[base]\naws_access_key_id = a\n`, null],
    ['comments and lines of Windows', `# made up\r\n; too\r\n${keys.replaceAll('\n', '\r\n')}`, null],
    ['a program', '[default]\ncredential_process = /bin/sh -c id\n', 'sets credential_process in [default]'],
    ['a program in capitals', '[default]\nCredential_Process: /bin/sh\n', 'sets credential_process in [default]'],
    ['a program elsewhere', `${keys}[other]\ncredential_process=/bin/sh\n`, 'sets credential_process in [other]'],
    ['single sign-on', '[default]\nsso_session = corp\n', 'sets sso_session in [default]'],
    ['a session of single sign-on', `${keys}[sso-session corp]\n`, 'has a section [sso-session corp]'],
    ['another address', `${keys}endpoint_url = http://attacker.example\n`, 'sets endpoint_url in [default]'],
    ['addresses of services', `${keys}[services x]\n`, 'has a section [services x]'],
    ['plugins', `${keys}[plugins]\nx = y\n`, 'has a section [plugins]'],
    [
      'the role of the machine',
      '[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n',
      'sets credential_source in [default]',
    ],
    ['no profile default', '[other]\nregion = x\n', 'has no profile default'],
    ['nested values', '[default]\ns3 =\n  endpoint_url = http://attacker.example\n', 'is not in the form'],
    ['something else', '{"exec": 1}', 'is not in the form'],
  ])('with %s', (_what, text, refusal) => {
    const found = profilesRefusal(text, { instance: false });
    if (refusal === null) expect(found).toBeNull();
    else expect(found).toContain(refusal);
  });

  it('of an instance name the role that it takes', () => {
    expect(profilesRefusal('[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n', { instance: true })).toBeNull();
    expect(profilesRefusal('[default]\nrole_arn = r\ncredential_source = Environment\n', { instance: true })).toContain(
      'credential_source',
    );
    expect(profilesRefusal(keys, { instance: true })).toContain('names no credential_source');
  });

  it('give what must never be shown', () => {
    expect(profileSecrets(`${keys}[b]\naws_session_token=t\nregion=r\n`)).toEqual(['AKIAMADEUP', 'made-up', 't']);
    expect(profileSecrets('{')).toEqual([]);
  });
});

describe('the environment of aws', () => {
  it('names two accounts by two files, and nothing that the CLI could find by itself', async () => {
    const site = siteWith({ from: 'files', read: fileOf('read', keys), write: fileOf('write', keys) });
    const read = await environmentFor(site, 'aws', 'read');
    expect(read).toMatchObject({
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'read'),
      ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_PAGER: '', AWS_PROFILE: 'default' },
      ...{ AWS_REGION: 'eu-central-1', AWS_MAX_ATTEMPTS: '4', AWS_CONFIG_FILE: expect.stringMatching(/tools\/aws\/cli-config\.ini$/) },
    });
    expect(read).not.toHaveProperty('AWS_ENDPOINT_URL');
    // A write is sent once.
    const write = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'write'), AWS_MAX_ATTEMPTS: '1' };
    expect(await environmentFor(site, 'aws', 'write')).toMatchObject(write);
  });

  it('leads to another endpoint only where the site names one', async () => {
    const site = siteWith({ from: 'files', read: fileOf('read', keys), write: 'w' }, { endpoint: 'http://127.0.0.1:5000' });
    const environment = await environmentFor(site, 'aws', 'read');
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' });
    expect(environment).not.toHaveProperty('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS');
  });

  it('asks the machine only where the site says so', async () => {
    const file = fileOf('role', '[default]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n');
    expect(await environmentFor(siteWith({ from: 'instance', read: file, write: file }), 'aws', 'read')).toMatchObject({
      AWS_EC2_METADATA_DISABLED: 'false',
    });
    await expect(environmentFor(siteWith({ from: 'files', read: file, write: file }), 'aws', 'read')).rejects.toThrow('credential_source');
  });

  it('takes two roles by one token', async () => {
    const roles = { read: 'arn:aws:iam::123456789012:role/reads', write: 'arn:aws:iam::123456789012:role/writes' };
    const site = siteWith({ from: 'web_identity', tokenFile: '/var/run/token', roles });
    const common = {
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    expect(await environmentFor(site, 'aws', 'write')).toMatchObject({
      ...common,
      AWS_ROLE_ARN: roles.write,
      AWS_ROLE_SESSION_NAME: 'watchkeeper-write-production',
    });
    expect(await environmentFor(site, 'aws', 'read')).toMatchObject({ AWS_ROLE_ARN: roles.read });
  });

  it('says which file cannot be used', async () => {
    const plugin = fileOf('plugin', '[default]\ncredential_process = /bin/sh\n');
    const site = siteWith({ from: 'files', read: plugin, write: '/nonexistent' });
    await expect(environmentFor(site, 'aws', 'read')).rejects.toThrow(
      'aws.credentials.read of the site sets credential_process in [default]',
    );
    await expect(environmentFor(site, 'aws', 'write')).rejects.toThrow('aws.credentials.write of the site cannot be read');
  });
});
