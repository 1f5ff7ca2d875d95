import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Api } from '../context.ts';

/** Milliseconds in which answers under way may end once the server is told to stop; a reader that takes longer is cut off. */
const graceMs = 5_000;

/**
 * A server that is told to stop ends each connection as soon as nothing is being answered on it. Node by itself ends those only that have
 * carried a whole request and wait for the next: one on which nothing has come yet (a browser opens such ahead of time), or half a
 * request, would be waited for without end, and one that is being answered for the time that it may be kept after the answer.
 */
export function addDraining(api: Api, grace = graceMs): void {
  const { server } = api;
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let stopping = false;
  const endUnused = () => {
    const busy = new Set([...answers].map(({ req }) => req.socket));
    for (const socket of sockets) {
      if (busy.has(socket)) continue;
      sockets.delete(socket);
      socket.destroySoon();
    }
  };
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_request, response) => {
    answers.add(response);
    response.once('close', () => {
      answers.delete(response);
      if (stopping) endUnused();
    });
  });
  api.addHook('preClose', async () => {
    stopping = true;
    // So that a client does not send its next request on what is about to end.
    for (const response of answers) if (!response.headersSent) response.setHeader('connection', 'close');
    endUnused();
    // Not ended with the server itself: it does not count the connections that came at other addresses (listen.ts).
    setTimeout(() => server.closeAllConnections(), grace).unref();
  });
}
