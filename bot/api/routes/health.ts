import { z } from 'zod';
import type { ApiOptions, Routes } from '../context.ts';

const Part = z.object({ ok: z.boolean(), detail: z.string().optional() });
const Ready = z.object({ ok: z.boolean(), parts: z.record(z.string(), Part) });

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

  api.get('/metrics', { schema: { hide: true } }, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
