import { lookup } from 'node:dns/promises';
import { type Socket, connect as tcp } from 'node:net';
import { type TLSSocket, connect as tls } from 'node:tls';
import { reachOf } from '../addresses.ts';

/** The host, or the address that it leads to, may not be asked. */
export class ProbeRefused extends Error {
  readonly code = 'forbidden';
  constructor(message: string) {
    super(message);
    this.name = 'ProbeRefused';
  }
}

/** The system's own lookup cannot be stopped: it is no longer waited for. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Addresses of a name, every one of which may be asked: one that may not spoils them all. Throws ProbeRefused. */
export async function addressesOf(host: string, networks: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const reach = reachOf(networks);
  const addresses = (await untilAborted(lookup(host, { all: true }), signal)).map(({ address }) => address);
  const refused = addresses.find((address) => ['never', 'inside'].includes(reach(address)));
  if (refused !== undefined)
    throw new ProbeRefused(`${host} leads to ${refused}: list its network under sites[].probe.networks, if that is right`);
  return addresses;
}

function connected<T extends Socket>(socket: T, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => void socket.destroy(new Error('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    socket.once(event, () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}

/** To the very address that was judged, so that a name cannot answer twice. */
export function connectTo(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return connected(tcp({ host: address, port }), 'connect', signal);
}

/** Whatever the certificate is worth: it is looked at, nothing is sent that it would have to protect. */
export function secure(socket: Socket, host: string, signal: AbortSignal): Promise<TLSSocket> {
  return connected(tls({ socket, servername: host, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] }), 'secureConnect', signal);
}
