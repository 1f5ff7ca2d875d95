import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { findBinaries } from '../../tools/binaries.ts';
import type { TwoFiles } from '../../tools/credentials.ts';
import { freePort, requirePrograms, startPeer, until } from './processes.ts';

const Key = z.object({ id: z.string(), secret: z.string() });

const Estate = z.object({
  /** Value of every environment variable: made up, and to be shown nowhere. */
  variable: z.string(),
  instance: z.string(),
  targetGroup: z.string(),
  zone: z.string(),
  certificate: z.string(),
  read: Key,
  write: Key,
});

/** A moto server with an estate, where two users have the two policies of docs/guides and nothing else. */
export interface Moto extends z.infer<typeof Estate> {
  readonly url: string;
  readonly credentials: TwoFiles;
  /** Writes a file as ~/.aws/credentials, and says where. */
  profile(name: string, text: string): Promise<string>;
  /** Whether IAM is asked. */
  enforce(iam: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Not one of those whose addresses the CLI keeps in a table of its own: there version 1 heeds no endpoint of SQS. */
export const region = 'eu-south-2';

export const keys = ({ id, secret }: z.infer<typeof Key>): string =>
  `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

export async function startMoto(): Promise<Moto> {
  await requirePrograms(['aws', 'moto_server']).catch((error: Error) => {
    throw new Error(`${error.message}: .ci/real-peers.sh aws installs both`);
  });
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-moto-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const peer = startPeer('moto_server', ['-H', '127.0.0.1', '-p', String(port)], join(directory, 'log'));
  const stop = async (): Promise<void> => {
    await peer.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const profile = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  try {
    await until('moto ready', 60_000, async () => ((await fetch(`${url}/moto-api/data.json`)).ok ? true : undefined));
    const estate = await fill(url);
    const credentials = { read: await profile('read', keys(estate.read)), write: await profile('write', keys(estate.write)) };
    return { ...estate, url, credentials, profile, stop, enforce: (iam) => enforce(url, iam) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function enforce(url: string, iam: boolean): Promise<void> {
  const answer = await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: iam ? '0' : 'inf' });
  if (!answer.ok) throw new Error(`moto answered ${answer.status}`);
}

/** By the Python that moto itself runs on: it has boto3. */
async function fill(url: string): Promise<z.infer<typeof Estate>> {
  const { moto_server: program = '' } = await findBinaries(['moto_server'], process.env['PATH'] ?? '');
  const guides = join(import.meta.dirname, '../../docs/guides');
  const policies = ['read', 'write'].map((kind) => join(guides, `aws-policy-${kind}.json`));
  const python = join(dirname(await realpath(program)), 'python');
  const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'aws-estate.py'), url, region, ...policies]);
  return Estate.parse(JSON.parse(stdout));
}
