import { z } from 'zod';
import { Claim, checkClaim } from './claims.ts';
import type { Shown } from './evidence.ts';
import { inert } from './inert.ts';

/** What an explaining model answers: sentences in the language asked, each with what shows it. */
export const Explanation = z.strictObject({ sentences: z.array(Claim).max(8), unanswered: z.string().max(300) });
export type Explanation = z.infer<typeof Explanation>;

/** Whether what a person writes asks for a summary, and not for an answer. */
export function asksForSummary(text: string): boolean {
  return /^\W*(?:please\s+)?(?:summary|summari[sz]e|sum\s+up|tl;?dr|status\s+update)\b/iu.test(text);
}

/** A summary, marked as what it is. */
export function summaryWords(text: string, { provider, model }: { readonly provider: string; readonly model: string }): string {
  return `Summary, written by a language model (${provider}/${model}) from the evidence in brackets:\n${text}`;
}

/** The answer for the thread, with its citations; sentences that nothing bears out are left out, and that is said. */
export function explanationWords({ sentences, unanswered }: Explanation, shown: readonly Shown[]): { text: string; dropped: number } {
  const all = shown.map(({ text }) => text.toLowerCase()).join('\n');
  const known = (name: string) => all.includes(name.toLowerCase());
  const kept = sentences.flatMap((sentence) => {
    const checked = checkClaim(sentence, shown);
    if (checked.kind === 'dropped') return [];
    const cites = [...new Set(checked.found.map(({ observation }) => observation.slice(0, 8)))];
    return [`${inert(sentence.text, known)} [${cites.join(', ')}]`];
  });
  const dropped = sentences.length - kept.length;
  const left = unanswered.trim() === '' ? [] : [inert(unanswered, known)];
  const note = dropped === 0 ? [] : [`(${dropped} sentence${dropped === 1 ? '' : 's'} left out: the evidence does not bear them out.)`];
  const text = [...kept, ...left, ...note].join('\n');
  return { text: text === '' ? 'The evidence does not answer that.' : text, dropped };
}
