import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Snippet } from '../slack/snippets.ts';
import type { Store } from '../store/store.ts';
import { loadPostmortem } from './load.ts';
import { postmortemMarkdown } from './markdown.ts';

/** The postmortem for Slack; null for an incident in which nothing was wrong. Without addresses: an observation is named by its whole id. */
export function createPostmortemSnippet(store: Store, redact: (text: string) => string) {
  return async ({ id, title }: Incident): Promise<Snippet | null> => {
    const postmortem = await loadPostmortem(store, id);
    if (postmortem.causes.length === 0) return null;
    const text = postmortemMarkdown(postmortem, { redact, observation: () => null });
    return { filename: `postmortem-${id.slice(-12)}.md`, title: `Postmortem: ${redact(title)}`.slice(0, 150), syntax: 'markdown', text };
  };
}
