import { button } from './elements.ts';
import type { Button } from './slack.ts';

export function cancelButton(incidentId: string): Button {
  return button('Cancel', 'incident.cancel', JSON.stringify({ i: incidentId }), {
    confirm: {
      title: 'Cancel this incident?',
      text: 'The investigation stops and a waiting plan is withdrawn. A running step is finished and checked first.',
      confirm: 'Cancel it',
      deny: 'Keep going',
    },
  });
}
