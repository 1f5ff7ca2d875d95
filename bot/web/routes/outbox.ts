import { z } from 'zod';
import { OutboxPage, Retried } from '../../api/routes/outbox.ts';
import { Sink } from '../../store/outbox.ts';
import { Cursor } from '../cursor.ts';
import type { Site } from '../site.ts';
import { outboxView } from '../views/outbox.ts';

const Query = z.object({
  state: z.enum(['', 'pending', 'sent', 'refused']).catch('').default('refused'),
  sink: Sink.or(z.literal('')).catch('').default(''),
  incident: z.string().trim().max(100).catch('').default(''),
  cursor: Cursor,
});

export function outboxPages(site: Site): void {
  site.page('/outbox', async ({ inside, principal, viewer }, request) => {
    const query = Query.parse(request.query);
    const page = await inside.get('/outbox', OutboxPage, { ...query, limit: 50 });
    return outboxView({ page, query, token: principal.scopes.includes('outbox:write') ? viewer.token : null });
  });
  site.form(
    '/outbox/:id/retry',
    () => '/outbox',
    async ({ inside }, _fields, { params }) => {
      const { ids } = await inside.post(`/outbox/${encodeURIComponent(params['id'] ?? '')}/retry`, {}, Retried);
      return { to: '/outbox', say: `On its way again: message ${ids.join(', ')}.` };
    },
  );
}
