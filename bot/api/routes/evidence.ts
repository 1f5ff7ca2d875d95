import { z } from 'zod';
import { evidenceGraph } from '../../evidence/graph.ts';
import { loadEvidence } from '../../evidence/load.ts';
import { EvidenceGraph } from '../../evidence/model.ts';
import { pngOf } from '../../evidence/png.ts';
import { evidenceSvg } from '../../evidence/svg.ts';
import { loadPostmortem } from '../../postmortem/load.ts';
import { postmortemMarkdown } from '../../postmortem/markdown.ts';
import { Postmortem } from '../../postmortem/model.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { preferred } from '../negotiate.ts';

const Id = z.object({ id: z.string().min(1).max(100) });
const Query = z.object({
  /** Of pictures; `auto`: as the reader's browser is set. */ theme: z.enum(['auto', 'light', 'dark']).default('auto'),
});

/** The picture brings a style of its own, and nothing else. */
const picturePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const markdown = 'text/markdown';

export function evidenceRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.get(
    '/incidents/:id/evidence',
    {
      config: { scope: 'read', produces: ['image/svg+xml', 'image/png'] },
      schema: {
        summary: 'The evidence graph; with Accept: image/svg+xml or image/png a picture of the strongest of it',
        params: Id,
        querystring: Query,
        response: { 200: EvidenceGraph },
      },
    },
    async (request, reply) => {
      const { id, title } = await store.incidents.get(request.params.id);
      const graph = evidenceGraph(await loadEvidence(store, id));
      reply.header('vary', 'accept');
      const type = preferred(request.headers.accept, ['application/json', 'image/svg+xml', 'image/png']);
      if (type === 'application/json') return graph;
      const svg = await evidenceSvg(graph, { title: `Evidence: ${title}`, theme: request.query.theme });
      reply.header('content-security-policy', picturePolicy).type(type);
      return reply.send((type === 'image/png' ? Buffer.from(pngOf(svg)) : svg) as never);
    },
  );

  v1.get(
    '/incidents/:id/postmortem',
    {
      config: { scope: 'read', produces: [markdown] },
      schema: { summary: `A draft from the record; with Accept: ${markdown} as text`, params: Id, response: { 200: Postmortem } },
    },
    async (request, reply) => {
      const postmortem = await loadPostmortem(store, request.params.id);
      reply.header('vary', 'accept');
      if (preferred(request.headers.accept, ['application/json', markdown]) !== markdown) return postmortem;
      const text = postmortemMarkdown(postmortem, { redact: (words) => store.redact.text(words).text, observation: () => null });
      return reply.type(`${markdown}; charset=utf-8`).send(text as never);
    },
  );
}
