import { expect, test } from 'vitest';
import { createLinks } from './links.ts';
import { planCard } from './plan-card.ts';
import type { Recorded } from './proofs.ts';
import { resultMessage } from './result.ts';
import { settledCard } from './settled-card.ts';
import { noReferences } from './shown-plan.ts';
import { hash, links, nameOf, readable, shown, vote } from './testing.ts';

const entry = (id: string, kind: string, change: Partial<Recorded> = {}): Recorded => ({ id, kind, vote: null, step: null, ...change });
const recorded = [
  entry('e1', 'vote.recorded', { vote: 'v1' }),
  entry('e2', 'vote.recorded', { vote: 'v2' }),
  entry('e3', 'plan.approved'),
  entry('e4', 'break_glass.used'),
  entry('e5', 'grant.issued', { step: 's1' }),
  entry('e6', 'grant.claimed', { step: 's1' }),
  entry('e7', 'step.running', { step: 's1' }),
  entry('e8', 'step.done', { step: 's1' }),
  entry('e9', 'plan.done'),
];
const at = (id: string) => `<https://wk.example/audit/entries/by-id/${id}|`;
const references = { ...noReferences, recorded };
const votes = [vote, { ...vote, id: 'v2', person: 'bob' }];
const step = {
  ...{ planId: 'plan-1', stepId: 's1', state: 'done' as const, before: hash('1'), output: hash('2'), verification: hash('3') },
  ...{ rollbackOutput: null, rollbackVerification: null, reason: null },
};
const breakGlass = { person: 'alice', reason: 'payments are down', at: vote.createdAt, until: vote.createdAt };
const settled = { ...shown, state: 'done' as const, votes, steps: [step], breakGlass };

test('each decision leads to its own proof: votes, grant, step, break-glass, and how it ended', () => {
  const lines = readable(settledCard(settled, links, nameOf, references)).split('\n');
  const line = (words: string) => lines.find((one) => one.includes(words));
  expect(line('*Alice Ahn* approved')).toContain(`${at('e1')}proof>`);
  expect(line('*bob* approved')).toContain(`${at('e2')}proof>`);
  expect(line('Break-glass by')).toContain(`${at('e4')}proof>`);
  expect(line('kubernetes.rollout_undo')).toContain(`${at('e6')}grant>, ${at('e8')}proof>)`);
  expect(lines.at(-1)).toContain(`${at('e9')}proof>`);
  expect(readable(planCard({ ...shown, votes }, links, nameOf, references))).toContain(`${at('e1')}proof>`);
  const result = { incidentId: 'inc-1', outcome: 'resolved' as const, summary: 'fine' };
  expect(readable(resultMessage(result, null, links, [entry('e10', 'incident.closed')]))).toContain(`${at('e10')}proof>`);
});

test('nothing is linked without an address, or before it is recorded', () => {
  expect(readable(settledCard(settled, createLinks(null), nameOf, references))).not.toContain('proof');
  expect(readable(settledCard(settled, links, nameOf))).not.toContain('proof');
});
