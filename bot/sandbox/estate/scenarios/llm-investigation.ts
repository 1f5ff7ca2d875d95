import { playing } from '../../llm/playing.ts';
import type { Scenario } from './scenario.ts';

/** The payment provider has a certificate of another authority, which nobody trusts yet. No check knows that, and a log tells: a (scripted) language model asks for it. */
export const llmInvestigation: Scenario = {
  name: 'llm-investigation',
  title: 'checkout fails for a reason that only a log tells',
  mention: 'a third of the checkouts fails, and nothing was deployed. Can you look?',
  service: 'checkout',
  site: 'sandbox',
  requester: 'erin',
  outcome: 'unknown',
  votes: [],
  events: [{ agoSeconds: 345, event: { type: 'change_authority' } }],
  model: playing,
  reply: { to: 'Who renews the certificate', text: 'the payment team does, and they are at it' },
};
