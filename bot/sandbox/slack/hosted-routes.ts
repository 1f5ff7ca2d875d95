import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SlackRefusal } from './errors.ts';
import { respondTo } from './respond.ts';
import { fillFile, findFile, textOf } from './store/files.ts';
import type { Json } from './types.ts';
import type { Workspace } from './workspace.ts';

const uploadLimit = 50_000_000;

/** web-api sends a multipart form with one file; Slack takes the bare bytes too. */
async function uploadedBytes(request: FastifyRequest): Promise<Buffer> {
  const body = request.body as Buffer;
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

function uploads(server: FastifyInstance, workspace: Workspace): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: uploadLimit }, (_request, body, done) => done(null, body));
  server.post<{ Params: { id: string } }>('/upload/:id', { bodyLimit: uploadLimit }, async (request, reply) => {
    reply.type('text/plain');
    const bytes = await uploadedBytes(request);
    const file = findFile(workspace.database, request.params.id);
    if (file === null) return reply.code(404).send('no such upload');
    if (file.content !== null) return reply.code(400).send('this URL was used already');
    if (bytes.length !== file.length) return reply.code(400).send(`expected ${file.length} bytes, got ${bytes.length}`);
    fillFile(workspace.database, file.id, bytes);
    return reply.send(`OK - ${bytes.length}`);
  });
}

const imageTypes: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif' };

/** What Slack serves on other hosts: uploads, files, response URLs, permalinks. */
export async function hostedRoutes(server: FastifyInstance, workspace: Workspace): Promise<void> {
  await server.register((scope, _options, done) => {
    uploads(scope, workspace);
    done();
  });
  server.get<{ Params: { id: string } }>('/files/:id', (request, reply) => {
    const file = findFile(workspace.database, request.params.id);
    if (file === null || file.content === null) return reply.code(404).send({ error: 'file_not_found' });
    const type = imageTypes[file.name.split('.').at(-1)?.toLowerCase() ?? ''];
    // Nothing but images is shown by the browser: the rest is a download.
    if (type === undefined) reply.header('content-disposition', 'attachment');
    return reply.type(type ?? 'application/octet-stream').send(Buffer.from(file.content));
  });
  server.get<{ Params: { team: string; id: string } }>('/docs/:team/:id', (request, reply) => {
    const canvas = findFile(workspace.database, request.params.id);
    if (canvas?.snippet !== 'canvas') return reply.code(404).send({ error: 'canvas_not_found' });
    return reply.type('text/plain; charset=utf-8').send(textOf(canvas));
  });
  server.post<{ Params: { token: string } }>('/respond/:token', (request, reply) => {
    const target = workspace.responseUrls.use(request.params.token);
    if (typeof target === 'string') return reply.code(404).send({ ok: false, error: target });
    try {
      respondTo(workspace, target, request.body as Json);
      return reply.type('text/plain').send('ok');
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      return reply.code(400).send({ ok: false, error: error.code, ...error.details });
    }
  });
}
