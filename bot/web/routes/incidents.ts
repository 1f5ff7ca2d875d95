import { z } from 'zod';
import { IncidentState } from '../../../workflows/contracts/incident.ts';
import { IncidentAnswer, page } from '../../api/shapes.ts';
import { Cursor } from '../cursor.ts';
import type { Site } from '../site.ts';
import { incidentList } from '../views/incidents.ts';

/** What a form leaves empty is not asked for, and what means nothing is taken for empty. */
const Text = z.string().trim().max(200).catch('').default('');
const Query = z.object({
  state: z
    .union([IncidentState, z.literal('open')])
    .or(z.literal(''))
    .catch('')
    .default(''),
  service: Text,
  text: Text,
  cursor: Cursor,
});

export function incidentsPage(site: Site): void {
  site.page('/', async ({ inside }, request) => {
    const query = Query.parse(request.query);
    const found = await inside.get('/incidents', page(IncidentAnswer), { ...query, limit: 50 });
    return incidentList({ ...found, query });
  });
}
