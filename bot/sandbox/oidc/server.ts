import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance } from 'fastify';
import { errors, type Provider } from 'oidc-provider';
import type { Logger } from 'pino';
import { z } from 'zod';
import { freePort } from '../free-port.ts';
import { type Documents, openDocuments } from '../peer/database.ts';
import { localOnly } from '../peer/local-only.ts';
import { keptClients, type LocalClients } from './clients.ts';
import * as pages from './pages.ts';
import { createProvider } from './provider.ts';

export interface OidcOptions {
  readonly host: string;
  /** 0 takes the one of the last start, which is part of the issuer's name, or a free one where that is taken. */
  readonly port: number;
  /** SQLite file; keys, clients, sessions and tokens survive a restart with it. */
  readonly dataFile: string;
  readonly audience: string;
  readonly accounts: readonly pages.LocalAccount[];
  readonly log: Logger;
}

export interface LocalOidc extends LocalClients {
  readonly issuer: string;
  close(): Promise<void>;
}

const Choice = z.union([z.object({ account: z.string() }), z.object({ consent: z.literal('yes') })]);

/** The pages between a program's request and its answer. */
function interactionRoutes(app: FastifyInstance, provider: Provider, accounts: readonly pages.LocalAccount[]): void {
  void app.register(formbody);
  app.get<{ Params: { uid: string } }>('/interaction/:uid', async ({ raw, params }, reply) => {
    const { prompt, session, params: asked } = await provider.interactionDetails(raw, reply.raw);
    const client = await provider.Client.find(String(asked['client_id']));
    const name = client?.clientName ?? 'A program';
    const action = `/interaction/${encodeURIComponent(params.uid)}`;
    const document =
      prompt.name === 'login'
        ? pages.chooseAccount(action, name, accounts)
        : pages.confirmClient(action, name, accounts.find(({ subject }) => subject === session?.accountId)?.name ?? 'nobody');
    return reply.type('text/html; charset=utf-8').header('content-security-policy', pages.policy).send(document);
  });
  app.post('/interaction/:uid', async (request, reply) => {
    const choice = Choice.parse(request.body);
    const result = 'account' in choice ? { login: { accountId: choice.account } } : { consent: {} };
    const onward = await provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: 'consent' in choice });
    return reply.redirect(onward, 303);
  });
}

/** Everything else is the provider's own, which reads bodies itself. */
function providerRoutes(app: FastifyInstance, provider: Provider): void {
  const handle = provider.callback();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('/*', async (request, reply) => {
    reply.hijack();
    await handle(request.raw, reply.raw);
  });
}

async function serve(options: OidcOptions, documents: Documents, port: number): Promise<{ issuer: string; app: FastifyInstance }> {
  const { host, audience, accounts, log } = options;
  const issuer = `http://${host}:${port}`;
  const provider = await createProvider({ issuer, documents, audience, accounts });
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'the sign-in stand-in failed'));
  const app = fastify({ forceCloseConnections: true, bodyLimit: 65_536 });
  localOnly(app);
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof errors.OIDCProviderError) && !(error instanceof z.ZodError))
      log.error({ err: error }, 'the sign-in stand-in failed');
    return reply.code(400).type('text/html; charset=utf-8').send(pages.failed('This page belongs to no sign-in that is under way.'));
  });
  app.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', pages.policy).send(pages.listAccounts(accounts)),
  );
  await app.register((scoped, _options, done) => {
    interactionRoutes(scoped, provider, accounts);
    done();
  });
  await app.register((scoped, _options, done) => {
    providerRoutes(scoped, provider);
    done();
  });
  await app.listen({ host, port });
  return { issuer, app };
}

const inUse = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/**
 * Starts the stand-in of an organisation's sign-in: a certified OIDC provider for the sandbox's people, without passwords, for this
 * machine only. Throws when the port that was asked for is taken.
 */
export async function startOidc(options: OidcOptions): Promise<LocalOidc> {
  const documents = openDocuments(options.dataFile);
  const clients = keptClients(documents);
  const kept = documents.get<{ port: number }>('kept', 'port')?.port;
  const first = options.port !== 0 ? options.port : (kept ?? (await freePort()));
  const { issuer, app } = await serve(options, documents, first).catch(async (error: unknown) => {
    if (options.port !== 0 || !inUse(error)) throw error;
    return serve(options, documents, await freePort());
  });
  documents.put('kept', 'port', null, { port: Number(new URL(issuer).port) });
  return {
    ...clients,
    issuer,
    async close() {
      await app.close();
      documents.close();
    },
  };
}
