import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { createWorkspace, installApp, timingOf } from './create-workspace.ts';
import { createEventQueue } from './delivery/queue.ts';
import { createSignedHttp } from './delivery/signed-http.ts';
import { createSocketMode, type SocketMode } from './delivery/socket-mode.ts';
import { PersonRefusal, SlackRefusal } from './errors.ts';
import { createFaults } from './faults.ts';
import { hostedRoutes } from './hosted-routes.ts';
import { pageRoutes } from './page/routes.ts';
import { openDatabase } from './store/database.ts';
import type { LedgerEntry, LocalSlack, LocalSlackOptions } from './types.ts';
import { uiRoutes } from './ui/routes.ts';
import { webApi } from './web-api.ts';

export type { LocalChannel, LocalPerson, LocalSlack, LocalSlackOptions } from './types.ts';

/** The server has no passwords: only this machine's own pages and programs may talk to it, not a page that somebody's browser has open. */
function guard(server: FastifyInstance): void {
  const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/;
  const foreign = (request: FastifyRequest) => {
    const { host, origin } = request.headers;
    return !local.test(host ?? '') || (origin !== undefined && origin !== `http://${host}`);
  };
  server.addHook('onRequest', async (request, reply) => {
    if (foreign(request)) await reply.code(403).send({ error: 'forbidden', message: 'The local Slack answers on this machine only.' });
  });
}

function answerErrors(server: FastifyInstance, log: LocalSlackOptions['log']): void {
  server.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof PersonRefusal) return reply.code(error.status).send({ error: error.code, message: error.message });
    if (error instanceof SlackRefusal)
      return reply
        .code(502)
        .send({ error: error.code, message: `The app sent something that Slack refuses: ${error.code}`, ...error.details });
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error, path: request.url }, 'local Slack failed to answer');
    return reply.code(status).send({ ok: false, error: status >= 500 ? 'internal_error' : 'invalid_form_data' });
  });
}

function socketModeFor(options: LocalSlackOptions, server: FastifyInstance, appId: string, onReady: () => void): SocketMode {
  return createSocketMode({ server: server.server, appId, timing: timingOf(options), log: options.log, onReady });
}

/** Starts a workspace with its page. Rejects when the port is taken or the database cannot be opened. */
export async function startLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const server = Fastify({ forceCloseConnections: true });
  const database = openDatabase(options.dataFile);
  const app = installApp(database);
  const { requestUrl, log } = options;
  const timing = timingOf(options);
  const sockets = requestUrl === undefined ? socketModeFor(options, server, app.id, () => events.wake()) : null;
  const transport = sockets ?? createSignedHttp({ requestUrl: requestUrl ?? '', signingSecret: app.signingSecret, ack: timing.ack });
  const events = createEventQueue({ database, transport, retries: timing.retries, log });
  const origin = () => `http://${options.host}:${(server.server.address() as AddressInfo).port}`;
  const workspace = createWorkspace({ options, app, database, events, transport, origin });
  const faults = createFaults(() => sockets?.disconnectAll('refresh_requested'));
  const ledger: LedgerEntry[] = [];

  guard(server);
  answerErrors(server, log);
  await server.register((scope, _options, done) => {
    webApi(scope, { workspace, faults, ledger, issueTicket: sockets?.issueTicket ?? null });
    done();
  });
  uiRoutes(server, workspace);
  await hostedRoutes(server, workspace);
  await pageRoutes(server, workspace);
  await server.listen({ host: options.host, port: options.port });
  events.wake();

  return {
    url: origin(),
    apiUrl: `${origin()}/api/`,
    botToken: app.botToken,
    appToken: app.appToken,
    signingSecret: app.signingSecret,
    team: workspace.team,
    botUserId: app.botUserId,
    faults,
    ledger: () => [...ledger],
    close: async () => {
      events.close();
      await sockets?.close();
      await server.close();
      database.close();
    },
  };
}
