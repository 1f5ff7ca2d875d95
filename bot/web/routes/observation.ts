import { Observation } from '../../../tools/contract.ts';
import type { Site } from '../site.ts';
import { observationView } from '../views/observation.ts';

export function observationPage(site: Site): void {
  site.page('/observations/:id', async ({ inside }, { params }) => {
    const id = params['id'] ?? '';
    return observationView(id, await inside.get(`/observations/${encodeURIComponent(id)}`, Observation));
  });
}
