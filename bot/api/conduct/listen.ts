import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:net';
import type { Api } from '../context.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** All addresses of a name, first the one that is told to others. */
export type AddressesOf = (host: string) => Promise<readonly string[]>;

const known: AddressesOf = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Listens at every address that `localhost` has, as clients take either. What comes at the others is given to the one server, so that
 * whatever holds for it, and its end, holds for them: Fastify by itself would start a second server, whose connections nothing ends.
 */
export async function listenAt(api: Api, { host, port }: Place, addressesOf: AddressesOf = known): Promise<string> {
  const [first = host, ...others] = host === 'localhost' ? await addressesOf(host) : [];
  const beside = others.map(() => createServer((socket) => void api.server.emit('connection', socket)));
  const closed = beside.map((server) => new Promise<void>((resolve) => void server.once('close', resolve)));
  api.addHook('preClose', async () => {
    for (const server of beside) server.close();
  });
  api.addHook('onClose', async () => void (await Promise.all(closed)));
  const url = await api.listen({ host: first, port });
  await Promise.all(beside.map((server, index) => listen(server, others[index] ?? '', Number(new URL(url).port))));
  return url;
}

/** Whoever comes at an address that cannot be had takes the first. */
function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    server.once('error', () => resolve());
    server.listen({ host, port }, resolve);
  });
}
