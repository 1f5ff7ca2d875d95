import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Json, Timing } from '../types.ts';
import type { Ack, Transport } from './transport.ts';

export interface SocketMode extends Transport {
  /** A path with a ticket that opens one connection. */
  issueTicket(): string;
  /** Asks clients to come back on a new connection. */
  disconnectAll(reason: 'warning' | 'refresh_requested'): void;
  close(): Promise<void>;
}

export interface SocketModeParts {
  readonly server: Server;
  readonly appId: string;
  readonly timing: Pick<Timing, 'ack' | 'ping'>;
  readonly log: Logger;
  /** A client is there and has been greeted. */
  readonly onReady: () => void;
}

interface Pending {
  readonly socket: WebSocket;
  settle(ack: Ack): void;
}

function readAck(data: RawData): { id: string; payload: Json } | undefined {
  try {
    const parsed = JSON.parse(data.toString()) as Json;
    const payload = parsed['payload'];
    if (typeof parsed['envelope_id'] !== 'string') return undefined;
    return { id: parsed['envelope_id'], payload: typeof payload === 'object' && payload !== null ? (payload as Json) : {} };
  } catch {
    return undefined;
  }
}

function hello(appId: string, connections: number): string {
  const debug = { host: 'local-slack', build_number: 1, approximate_connection_time: 18_060 };
  return JSON.stringify({ type: 'hello', num_connections: connections, debug_info: debug, connection_info: { app_id: appId } });
}

/** Slack's side of Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export function createSocketMode(parts: SocketModeParts): SocketMode {
  const tickets = new Set<string>();
  const clients: WebSocket[] = [];
  const pending = new Map<string, Pending>();
  const sockets = new WebSocketServer({ noServer: true });

  function forget(socket: WebSocket): void {
    const index = clients.indexOf(socket);
    if (index >= 0) clients.splice(index, 1);
    for (const waiting of pending.values()) if (waiting.socket === socket) waiting.settle({ acked: false, reason: 'connection_failed' });
  }

  function welcome(socket: WebSocket): void {
    clients.push(socket);
    const beat = setInterval(() => socket.ping(), parts.timing.ping);
    socket.on('message', (data) => {
      const ack = readAck(data);
      if (ack !== undefined) pending.get(ack.id)?.settle({ acked: true, payload: ack.payload });
    });
    socket.on('close', () => {
      clearInterval(beat);
      forget(socket);
    });
    socket.on('error', (error) => parts.log.warn({ err: error }, 'Socket Mode connection failed'));
    socket.send(hello(parts.appId, clients.length));
    parts.onReady();
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://local');
    if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, welcome);
  }
  parts.server.on('upgrade', onUpgrade);

  /** The newest connection: while clients move, the older one is about to go. */
  const current = () => clients.findLast((client) => client.readyState === client.OPEN);

  return {
    ready: () => current() !== undefined,
    issueTicket: () => {
      const ticket = randomBytes(24).toString('base64url');
      tickets.add(ticket);
      return `/link/?ticket=${ticket}&app_id=${parts.appId}`;
    },
    deliver: (kind, payload, retry = { attempt: 0, reason: '' }) => {
      const socket = current();
      if (socket === undefined) return Promise.resolve({ acked: false, reason: 'connection_failed' });
      const id = randomUUID();
      return new Promise((resolve) => {
        const timer = setTimeout(() => settle({ acked: false, reason: 'timeout' }), parts.timing.ack);
        function settle(ack: Ack): void {
          clearTimeout(timer);
          pending.delete(id);
          resolve(ack);
        }
        pending.set(id, { socket, settle });
        const retried = kind === 'events_api' ? { retry_attempt: retry.attempt, retry_reason: retry.reason } : {};
        socket.send(JSON.stringify({ envelope_id: id, payload, type: kind, accepts_response_payload: kind !== 'events_api', ...retried }));
      });
    },
    disconnectAll: (reason) => {
      for (const client of [...clients]) client.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local-slack' } }));
    },
    close: async () => {
      parts.server.off('upgrade', onUpgrade);
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      for (const waiting of pending.values()) waiting.settle({ acked: false, reason: 'connection_failed' });
    },
  };
}
