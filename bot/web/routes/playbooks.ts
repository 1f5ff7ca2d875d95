import { PlaybookAnswer, PlaybooksAnswer } from '../../api/routes/playbooks.ts';
import type { Site } from '../site.ts';
import { playbooksView, playbookView } from '../views/playbooks.ts';

export function playbookPages(site: Site): void {
  site.page('/playbooks', async ({ inside }) => playbooksView(await inside.get('/playbooks', PlaybooksAnswer)));
  site.page('/playbooks/:name', async ({ inside }, { params }) =>
    playbookView(await inside.get(`/playbooks/${encodeURIComponent(params['name'] ?? '')}`, PlaybookAnswer)),
  );
}
