import { IncidentDetail } from '../../api/alerts.ts';
import { LlmCallsAnswer, LlmPromptAnswer } from '../../api/routes/llm.ts';
import type { Site } from '../site.ts';
import { llmCallsView, promptView } from '../views/llm-calls.ts';

/** What models were asked about an incident, and exactly what was sent: the API says who may read that, and records who did. */
export function llmPages(site: Site): void {
  site.page('/incidents/:id/llm', async ({ inside }, { params }) => {
    const path = `/incidents/${encodeURIComponent(params['id'] ?? '')}`;
    const { id, title } = await inside.get(path, IncidentDetail);
    const { items } = await inside.get(`${path}/llm`, LlmCallsAnswer);
    return llmCallsView(id, title, items);
  });
  site.page('/llm/prompts/:id', async ({ inside }, { params }) =>
    promptView(await inside.get(`/llm/prompts/${encodeURIComponent(params['id'] ?? '')}`, LlmPromptAnswer)),
  );
}
