import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort, requirePrograms, startPeer, until } from './processes.ts';

/** A real Alertmanager, alone, that tells nobody. */
export interface Alertmanager {
  readonly url: string;
  fire(labels: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** Who may come where passwords are asked for; made up. */
export const caller = { user: 'watchkeeper', password: 'made-up-password' };

/** `asks`: for a password, as its web configuration has it. */
export async function startAlertmanager({ asks = false } = {}): Promise<Alertmanager> {
  await requirePrograms(['prometheus-alertmanager']);
  const directory = await mkdtemp(join(tmpdir(), 'watchkeeper-alertmanager-'));
  const config = { route: { receiver: 'nobody', group_wait: '1s' }, receivers: [{ name: 'nobody' }] };
  await writeFile(join(directory, 'alertmanager.yml'), stringify(config));
  // The hash of `caller.password`.
  const users = { [caller.user]: '$2b$04$NL57W0WWBBwrlq7.YdsPU.bRAYCxY6ZF67Wcb4lOGOzJkZyXRrLye' };
  await writeFile(join(directory, 'web.yml'), stringify(asks ? { basic_auth_users: users } : {}));
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [
    `--config.file=${join(directory, 'alertmanager.yml')}`,
    `--web.config.file=${join(directory, 'web.yml')}`,
    `--storage.path=${join(directory, 'data')}`,
  ];
  const peer = startPeer(
    'prometheus-alertmanager',
    [...flags, `--web.listen-address=${address}`, '--cluster.listen-address='],
    join(directory, 'log'),
  );
  const stop = async (): Promise<void> => {
    await peer.stop();
    await rm(directory, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  try {
    await until('Alertmanager ready', 30_000, async () => ((await fetch(`${url}/-/ready`, { headers: whoComes })).ok ? true : undefined));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, fire: (labels) => fire(url, labels), stop };
}

const whoComes = { authorization: `Basic ${Buffer.from(`${caller.user}:${caller.password}`).toString('base64')}` };

async function fire(url: string, labels: Readonly<Record<string, string>>): Promise<void> {
  const headers = { 'content-type': 'application/json', ...whoComes };
  const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify([{ labels }]) });
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`);
}
