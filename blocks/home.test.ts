import { expect, test } from 'vitest';
import { approvals } from './approvals.ts';
import { home } from './home.ts';
import { incident, links, readable, shown } from './testing.ts';
import type { WaitingPlan } from './waiting-plan.ts';

const sites = [
  {
    site: 'production',
    runners: [
      {
        seenAt: '2026-11-23T14:20:00.000Z',
        programs: [
          { name: 'helm', version: '3.19.0' },
          { name: 'kubectl', version: null },
        ],
        permissions: ['kubernetes read: 31 rights', 'kubernetes write: not known'],
        remedies: ['kubectl does not say its version: see whether it <starts>'],
      },
    ],
  },
  { site: 'staging', runners: [] },
];

test('home shows what waits for a decision before what is open', () => {
  expect(readable(home([incident], [{ shown, answers: ['approve', 'request_changes', 'reject'] }], sites, links))).toMatchInlineSnapshot(`
    "Waiting for approval
    <https://wk.example/plans/plan-1|plan-1> *Return checkout to the revision that worked* · medium risk, 1 step · 0 of 1 approvals · expires <!date^1795444560^{date_short_pretty} {time}|2026-11-23 14:36 UTC>
    | kubectl --context prod-eu rollout undo deployment/checkout --to-revision=2
    [Approve] plan.approve
    [Reject] plan.reject
    [Details] plan.details
    Open incidents
    <https://wk.example/incidents/inc-1|inc-1> *checkout returns errors* · checkout · investigating · since <!date^1795442700^{date_short_pretty} {time}|2026-11-23 14:05 UTC>
    Sites and their runners
    *production*
    runner seen <!date^1795443600^{date_short_pretty} {time}|2026-11-23 14:20 UTC> · helm 3.19.0, kubectl (version unknown)
    may: kubernetes read: 31 rights, kubernetes write: not known
    :warning: kubectl does not say its version: see whether it &lt;starts&gt;
    *staging*
    :warning: no runner has reported of late: start one (watchkeeper serve --role runner) for this site
    How to ask
    *Mention me* with what is wrong, e.g. \`@watchkeeper checkout returns errors since 14:00\`, or write to me directly.
    I investigate, show the evidence, and propose a plan. Nothing is changed before the people whom policy asks have approved exactly that plan.
    • \`/watchkeeper ask TEXT\`: start an investigation here
    • \`/watchkeeper status\`: open incidents
    • \`/watchkeeper approvals\`: plans that wait for a decision
    • \`/watchkeeper incident ID\`: one incident
    • Message menu → *Investigate this*: start from a message
    • In the thread of an incident, with a language model: mention me with a question, or with \`summary\` for people who are not engineers"
  `);
});

test('a list offers what its reader may answer, and Details', () => {
  const buttons = (answers: WaitingPlan['answers']) => readable(approvals([{ shown, answers }], links)).match(/(?<=\[)[A-Z]\w+(?=\])/g);
  expect(buttons(['approve', 'request_changes', 'reject'])).toEqual(['Approve', 'Reject', 'Details']);
  expect(buttons(['reject'])).toEqual(['Reject', 'Details']);
  expect(buttons([])).toEqual(['Details']);
});
