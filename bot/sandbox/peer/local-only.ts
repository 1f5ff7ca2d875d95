import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A stand-in's page has no passwords: only this machine's own pages and programs may use it, not a page that somebody's browser has open. */
export function localOnly(server: FastifyInstance): void {
  const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/;
  const foreign = ({ headers: { host, origin } }: FastifyRequest) =>
    !local.test(host ?? '') || (origin !== undefined && origin !== `http://${host}`);
  server.addHook('onRequest', async (request, reply) => {
    if (foreign(request)) await reply.code(403).send({ error: 'forbidden', message: 'This stand-in answers on this machine only.' });
  });
}
