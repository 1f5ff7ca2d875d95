import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Somebody mentions the assistant in a Linear issue: it answers there, and a label approves. */
export const linearAgent: Scenario = {
  ...badRollout,
  name: 'linear-agent',
  title: 'checkout fails after a rollout, and somebody asks in Linear',
  trigger: { kind: 'linear', title: 'checkout fails since the last deploy', words: '@watchkeeper can you look?' },
  votes: [{ person: 'alice', verdict: 'approve', via: 'linear' }],
};
