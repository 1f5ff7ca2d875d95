import { z } from 'zod';
import { ToolsAnswer } from '../../api/routes/tools.ts';
import type { SiteHealth } from '../../site-health.ts';
import type { Site } from '../site.ts';
import { toolsView } from '../views/tools.ts';

const Query = z.object({
  text: z.string().trim().max(100).catch('').default(''),
  system: z.string().trim().max(40).catch('').default(''),
  kind: z.enum(['', 'read', 'write']).catch('').default(''),
});

/** `health`: null where the engine does not answer. */
export function toolsPage(site: Site, health: () => Promise<readonly SiteHealth[] | null>): void {
  site.page('/tools', async ({ inside }, request) => {
    const [tools, sites] = await Promise.all([inside.get('/tools', ToolsAnswer), health()]);
    return toolsView({ tools, sites, query: Query.parse(request.query) });
  });
}
