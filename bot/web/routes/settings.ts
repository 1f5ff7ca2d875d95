import { z } from 'zod';
import type { Redactor } from '../../../tools/ports.ts';
import { LlmUsageAnswer } from '../../api/routes/llm.ts';
import type { ConfigFile } from '../../config-file.ts';
import { hostsOnlyIn } from '../addresses.ts';
import type { Site } from '../site.ts';
import { llmView, spendDays } from '../views/llm.ts';
import { settingsView } from '../views/settings.ts';

/** What is masked wherever it appears would be told by the list of it. */
function shown({ redaction, ...file }: ConfigFile, redact: Redactor): Readonly<Record<string, unknown>> {
  const masked = { extraSecrets: `${redaction.extraSecrets.length} values, not shown` };
  return { ...(hostsOnlyIn(redact.value(file).value) as Record<string, unknown>), redaction: masked };
}

const dayMs = 86_400_000;
const Query = z.object({
  days: z.coerce
    .number()
    .pipe(z.union(spendDays.map((days) => z.literal(days))))
    .catch(7)
    .default(7),
});

export function settingsPages(site: Site, file: ConfigFile, redact: Redactor, now: () => Date): void {
  const view = settingsView(shown(file, redact));
  site.page('/settings', async () => view);
  site.page('/llm', async ({ inside }, request) => {
    const { days } = Query.parse(request.query);
    const since = new Date(now().getTime() - days * dayMs).toISOString();
    const { items } = await inside.get('/llm/usage', LlmUsageAnswer, { since });
    return llmView({ settings: file.llm, usage: items, days });
  });
}
