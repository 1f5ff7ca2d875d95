import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** An automation sets the label of approval on the Linear issue: it is taken off again. A person's own label counts. */
export const linearLabel: Scenario = {
  ...badRollout,
  name: 'linear-label',
  title: 'a label by a bot does not approve, one by a person does',
  votes: [
    { person: 'app', verdict: 'approve', via: 'linear' },
    { person: 'alice', verdict: 'approve', via: 'linear' },
  ],
};
