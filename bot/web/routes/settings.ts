import type { Redactor } from '../../../tools/ports.ts';
import type { ConfigFile } from '../../config.ts';
import type { Site } from '../site.ts';
import { llmView } from '../views/llm.ts';
import { settingsView } from '../views/settings.ts';

/** What is masked wherever it appears would be told by the list of it. */
function shown({ redaction, ...file }: ConfigFile, redact: Redactor): Readonly<Record<string, unknown>> {
  const masked = { extraSecrets: `${redaction.extraSecrets.length} values, not shown` };
  return { ...(redact.value(file).value as Record<string, unknown>), redaction: masked };
}

export function settingsPages(site: Site, file: ConfigFile, redact: Redactor): void {
  const view = settingsView(shown(file, redact));
  site.page('/settings', async () => view);
  site.page('/llm', async () => llmView(file.llm.egress));
}
