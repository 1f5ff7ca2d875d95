import { plain } from './elements.ts';
import type { Block } from './slack.ts';

/** For servers that know feedback buttons: left out elsewhere. */
export function findingFeedback(incidentId: string): Block {
  const value = (verdict: 'up' | 'down') => JSON.stringify({ i: incidentId, v: verdict });
  return {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: 'finding.feedback',
        positive_button: { text: plain('Right', 75), value: value('up'), accessibility_label: 'The findings are right' },
        negative_button: { text: plain('Wrong', 75), value: value('down'), accessibility_label: 'The findings are wrong' },
      },
    ],
  };
}
