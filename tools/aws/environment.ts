import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credentials, pathIn } from '../credentials.ts';
import { SiteIncomplete } from '../errors.ts';
import type { Site } from '../site.ts';
import type { Environment } from '../system.ts';
import { profilesRefusal } from './profiles.ts';

type Settings = NonNullable<Site['aws']>;

const nowhere = '/nonexistent';

/** Everything that the CLI would look for is said, so that it finds nothing by itself. Throws SiteIncomplete. */
export async function awsEnvironment({ name, aws }: Site, credentials: Credentials): Promise<Environment> {
  if (aws === undefined) return {};
  const region = aws.regions[0] ?? '';
  return {
    AWS_CONFIG_FILE: join(import.meta.dirname, 'cli-config.ini'),
    AWS_PROFILE: 'default',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_DEFAULT_OUTPUT: 'json',
    AWS_PAGER: '',
    AWS_CLI_AUTO_PROMPT: 'off',
    AWS_RETRY_MODE: 'standard',
    // What was throttled is asked again; a write is sent once, and looked for before it is sent again.
    AWS_MAX_ATTEMPTS: credentials === 'write' ? '1' : '4',
    ...(aws.endpoint === undefined ? { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' } : { AWS_ENDPOINT_URL: aws.endpoint }),
    ...(await identityOf(aws, name, credentials)),
  };
}

async function identityOf({ credentials: own }: Settings, site: string, credentials: Credentials): Promise<Environment> {
  if (own.from === 'web_identity') {
    return {
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_WEB_IDENTITY_TOKEN_FILE: own.tokenFile,
      AWS_ROLE_ARN: own.roles[credentials],
      AWS_ROLE_SESSION_NAME: `watchkeeper-${credentials}-${site}`.slice(0, 64),
    };
  }
  const instance = own.from === 'instance';
  const file = await pathIn(own, credentials, 'aws.credentials');
  const refusal = profilesRefusal(await contentOf(file, credentials), { instance });
  if (refusal !== null) throw new SiteIncomplete(`aws.credentials.${credentials} of the site ${refusal}`);
  return { AWS_SHARED_CREDENTIALS_FILE: file, AWS_EC2_METADATA_DISABLED: String(!instance) };
}

async function contentOf(file: string, credentials: Credentials): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new SiteIncomplete(`aws.credentials.${credentials} of the site cannot be read`);
  }
}
