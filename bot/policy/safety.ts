import type { PolicyDecision } from '../../policy/contract.ts';
import type { Evaluation } from '../../policy/decide.ts';
import { safetyOfBreakGlass } from './safety-break-glass.ts';
import {
  approval,
  denies,
  doesNotAllow,
  egress,
  execute,
  flags,
  needOfOwners,
  needs,
  nowMs,
  plan,
  step,
  tally,
  vote,
} from './safety-questions.ts';

/** A promise of the product that no operator's policy may break: a question, and what must hold of its answer. */
export interface SafetyRow {
  readonly name: string;
  readonly input: unknown;
  readonly holds: (decision: PolicyDecision) => boolean;
}

const everythingAutomatic = { autonomy: { rules: [{ mode: 'automatic' as const }] } };
const rejection = approval('dan', { verdict: 'reject' });
const owner = { groups: ['owners:checkout'] };

/** Design: autonomy table. */
const ofPlans: readonly SafetyRow[] = [
  { name: 'what is no question is denied', input: {}, holds: denies },
  { name: 'an unknown operation is denied', input: plan('low', { known: false }), holds: denies },
  { name: 'a step of an unknown tier is denied', input: plan('harmless'), holds: denies },
  { name: 'a plan without steps is denied', input: plan('low', {}, { steps: [] }), holds: denies },
  { name: 'medium needs somebody other than the requester', input: plan('medium'), holds: needs(1) },
  { name: 'medium is never automatic', input: plan('medium', {}, everythingAutomatic), holds: needs(1) },
  { name: 'high needs two others', input: plan('high'), holds: needs(2) },
  { name: 'high is never automatic', input: plan('high', {}, everythingAutomatic), holds: needs(2) },
];

const ofVotes: readonly SafetyRow[] = [
  { name: 'the vote of a service token is denied', input: vote({ serviceToken: true }), holds: denies },
  { name: 'the vote of nobody is denied', input: vote({ person: null }), holds: denies },
  { name: 'the vote of a bot is denied', input: vote({ bot: true }), holds: denies },
  { name: 'the vote of a guest is denied', input: vote({ guest: true }), holds: denies },
  { name: 'the vote of another organisation is denied', input: vote({ foreignTeam: true }), holds: denies },
  { name: 'the vote of a deactivated account is denied', input: vote({ deactivated: true }), holds: denies },
  { name: 'a vote without a role is denied', input: vote({ roles: [] }), holds: denies },
  { name: "the requester's own approval is denied", input: vote({ person: 'alice' }), holds: denies },
  {
    name: 'the approval of somebody who had a part in the plan is denied',
    input: vote({}, { requester: null, requesters: ['bob'] }),
    holds: denies,
  },
  { name: 'a vote after expiry is denied', input: vote({}, { expiresMs: nowMs }), holds: denies },
];

/** What votes decide, before each step. */
const ofExecution: readonly SafetyRow[] = [
  { name: 'a step that nobody approved is denied', input: execute({ votes: [] }), holds: denies },
  { name: 'one approval of two is denied', input: execute({ votes: [approval('bob')] }), holds: denies },
  { name: 'one person twice is one', input: execute({ votes: [approval('bob'), approval('bob')] }), holds: denies },
  { name: 'the requester does not complete a quorum', input: execute({ votes: [approval('bob'), approval('alice')] }), holds: denies },
  {
    name: 'whoever had a part in the plan does not complete a quorum',
    input: execute({ requester: null, requesters: ['bob'] }),
    holds: denies,
  },
  { name: 'a step without its group is denied', input: execute({ approved: needOfOwners }), holds: denies },
  {
    name: 'the requester does not stand for a group',
    input: execute({ approved: needOfOwners, votes: [approval('bob'), approval('carol'), approval('alice', owner)] }),
    holds: denies,
  },
  { name: 'a rejection stops a step', input: execute({ votes: [approval('bob'), approval('carol'), rejection] }), holds: denies },
  { name: 'a step of another request is denied', input: execute({ requestHashMatches: false }), holds: denies },
  { name: 'a step after expiry is denied', input: execute({ expiresMs: nowMs }), holds: denies },
];

/** What votes decide, when one is cast. */
const ofTallies: readonly SafetyRow[] = [
  { name: 'nothing is approved without votes', input: tally([]), holds: doesNotAllow },
  { name: 'one of two does not approve', input: tally([approval('bob')]), holds: doesNotAllow },
  { name: 'one person twice does not approve', input: tally([approval('bob'), approval('bob')]), holds: doesNotAllow },
  { name: 'the requester does not approve', input: tally([approval('bob'), approval('alice')]), holds: doesNotAllow },
  {
    name: 'whoever had a part in the plan does not approve',
    input: tally([approval('bob'), approval('carol')], { requester: null, requesters: ['bob'] }),
    holds: doesNotAllow,
  },
  {
    name: 'people without the role do not approve',
    input: tally([approval('bob', { roles: ['viewer'] }), approval('carol', { roles: [] })]),
    holds: doesNotAllow,
  },
  {
    name: 'two do not approve where a group is missing',
    input: tally([approval('bob'), approval('carol')], { approvals: needOfOwners }),
    holds: doesNotAllow,
  },
  { name: 'a rejection is final', input: tally([approval('bob'), approval('carol'), rejection]), holds: denies },
  { name: 'nothing is approved after expiry', input: tally([approval('bob'), approval('carol')], { expiresMs: nowMs }), holds: denies },
];

const ofTheRest: readonly SafetyRow[] = [
  {
    name: 'a write is no read',
    input: {
      question: 'read',
      nowMs,
      operation: { name: 'kubernetes.delete', tier: 'high' },
      site: step.site,
      subject: { person: 'bob', roles: ['approver'], serviceToken: false },
    },
    holds: denies,
  },
  {
    name: 'an incident is not opened by a bot',
    input: { question: 'ask', nowMs, subject: { person: 'bob', roles: ['approver'], team: 'T1', ...flags, bot: true } },
    holds: denies,
  },
  { name: 'a secret goes to no language model', input: egress({ dataClass: 'secret' }), holds: denies },
  { name: 'nothing goes to a language model without a rule', input: egress({ rules: [] }), holds: denies },
];

/** Approvals that nobody can talk around. */
export const safetyTable: readonly SafetyRow[] = [
  ...ofPlans,
  ...ofVotes,
  ...ofExecution,
  ...ofTallies,
  ...safetyOfBreakGlass,
  ...ofTheRest,
];

/** Names of the rows that do not hold. Where a question is well formed, no answer is a failure too: a policy has to say why. */
export function brokenPromises(evaluations: readonly Evaluation[]): readonly string[] {
  return safetyTable.flatMap(({ name, input, holds }, index) => {
    const evaluation = evaluations[index];
    if (evaluation?.kind === 'decided') return holds(evaluation.decision) ? [] : [name];
    const malformed = evaluation?.rule === 'question.malformed' && Object.keys(input as object).length === 0;
    return malformed ? [] : [`${name}: ${evaluation?.reason ?? 'no answer'}`];
  });
}
