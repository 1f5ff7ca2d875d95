import { z } from 'zod';
import type { ApiOptions, Routes } from '../context.ts';

const Part = z.object({ ok: z.boolean(), detail: z.string().optional() });
const Ready = z.object({ ok: z.boolean(), parts: z.record(z.string(), Part) });

const Figures = { description: 'Text format of Prometheus.', content: { 'text/plain': { schema: z.string() } } };

/** Without a token: they tell states and counts, nothing of incidents. */
export function healthRoutes(api: Routes, { ready, metrics }: ApiOptions): void {
  api.get('/healthz', { schema: { summary: 'The process runs', response: { 200: z.object({ ok: z.literal(true) }) } } }, async () => ({
    ok: true as const,
  }));

  api.get('/readyz', { schema: { summary: 'Every dependency answers', response: { 200: Ready, 503: Ready } } }, async (_request, reply) => {
    const state = Ready.parse(await ready());
    return reply
      .code(state.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(state);
  });

  api.get(
    '/metrics',
    { schema: { summary: 'Figures, as Prometheus reads them', produces: ['text/plain'], response: { 200: Figures } } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
