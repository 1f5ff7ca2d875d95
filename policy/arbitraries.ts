import fc from 'fast-check';
import type { AutonomyRule } from './contract/autonomy.ts';
import type { ChangeWindow, Freeze } from './contract/calendar.ts';
import type { PolicyInput } from './contract.ts';
import { readDecisionTable } from './table.ts';

export type Question<Q extends PolicyInput['question']> = Extract<PolicyInput, { question: Q }>;
type Step = Question<'plan'>['steps'][number];
export type CountedVote = Question<'tally'>['votes'][number];

const table = readDecisionTable();

/** For tests: the question of a row of the decision table, to be changed as one likes. Throws when there is no such row. */
export function questionOf<Q extends PolicyInput['question']>(name: string, question: Q): Question<Q> {
  const row = table.find((candidate) => candidate.name === name);
  if (row?.input['question'] !== question) throw new Error(`no row ${name} that asks ${question}`);
  return structuredClone(row.input) as unknown as Question<Q>;
}

const tier = fc.constantFrom('low', 'medium', 'high');
const service = fc.constantFrom('checkout', 'cart', null);

const window = fc.record(
  {
    days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
    fromMinute: fc.integer({ min: 0, max: 719 }),
    toMinute: fc.integer({ min: 720, max: 1440 }),
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Nowhere/Known'),
  },
  { requiredKeys: ['days', 'fromMinute', 'toMinute'] },
);
const ruleTier = fc.constantFrom('low' as const, 'medium' as const, 'high' as const, '*' as const);

/** Most rules speak of much: of what nothing speaks, nothing is learnt. */
const target = fc.oneof(
  fc.constant({}),
  fc.record({ tier: ruleTier }),
  fc.record(
    {
      site: fc.constantFrom('shop', 'other', '*'),
      environment: fc.constantFrom('production', 'staging', '*'),
      service: fc.constantFrom('checkout', 'cart', '*'),
      tier: ruleTier,
      windows: fc.array(window, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
);

const groupName = fc.constantFrom('platform', 'data', 'owners:checkout');
const groupNeeds = fc.uniqueArray(fc.record({ group: groupName, needed: fc.integer({ min: 1, max: 3 }) }), {
  selector: ({ group }) => group,
  maxLength: 2,
});

const requirement = fc.record(
  {
    needed: fc.integer({ min: 1, max: 4 }),
    roles: fc.subarray(['responder', 'approver', 'admin'] as const, { minLength: 1 }).map((names) => [...names]),
    groups: groupNeeds,
    owners: fc.integer({ min: 1, max: 2 }),
    separateDuties: fc.boolean(),
  },
  { requiredKeys: ['needed'] },
);
const raisedTo = fc.constantFrom('medium' as const, 'high' as const);

/** Rules of the modes that may only tighten. */
export const tighteningRule: fc.Arbitrary<AutonomyRule> = fc.oneof(
  { weight: 1, arbitrary: target.map((speaksOf) => ({ mode: 'deny' as const, ...speaksOf })) },
  { weight: 2, arbitrary: fc.tuple(raisedTo, target).map(([to, speaksOf]) => ({ mode: 'raise' as const, to, ...speaksOf })) },
  { weight: 3, arbitrary: fc.tuple(requirement, target).map(([asks, speaksOf]) => ({ mode: 'require' as const, ...asks, ...speaksOf })) },
);

export const automaticRule: fc.Arbitrary<AutonomyRule> = target.map((speaksOf) => ({ mode: 'automatic' as const, ...speaksOf }));

const scope = {
  sites: fc.subarray(['shop', 'other', '*'], { minLength: 1 }),
  environments: fc.subarray(['production', 'staging'], { minLength: 1 }),
  services: fc.subarray(['checkout', 'cart'], { minLength: 1 }),
};
const nowMs = questionOf('medium needs one by another', 'plan').nowMs;

/** Around the time of the table's rows. */
export const freeze: fc.Arbitrary<Freeze> = fc.record(
  {
    name: fc.constant('year end'),
    ...scope,
    fromMs: fc.integer({ min: nowMs - 2, max: nowMs + 2 }),
    toMs: fc.integer({ min: nowMs - 2, max: nowMs + 2 }),
    until: fc.constant('Monday'),
  },
  { requiredKeys: ['name', 'fromMs', 'toMs', 'until'] },
);

export const changeWindow: fc.Arbitrary<ChangeWindow> = fc
  .record(
    {
      name: fc.constant('office hours'),
      ...scope,
      days: fc.subarray([0, 1, 2, 6], { minLength: 1 }),
      fromMinute: fc.integer({ min: 0, max: 1439 }),
      toMinute: fc.integer({ min: 0, max: 1440 }),
      timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'Nowhere/Known'),
      hours: fc.constant('some hours'),
    },
    { requiredKeys: ['name', 'days', 'fromMinute', 'toMinute', 'timezone', 'hours'] },
  )
  .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);

const [plainStep] = questionOf('medium needs one by another', 'plan').steps as [Step];

/** Steps that nothing forbids by itself, each with an id of its own. */
export const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      tier,
      service,
      hasDryRun: fc.boolean(),
      site: fc.constantFrom({ name: 'shop', environment: 'production' }, { name: 'other', environment: 'staging' }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) => changes.map((change, index) => ({ ...plainStep, ...change, id: `s${index + 1}` })));

const person = fc.constantFrom('alice', 'bob', 'carol', 'dan', 'erin');
const roles = fc.subarray(['viewer', 'responder', 'approver', 'admin']);

export const votes: fc.Arbitrary<CountedVote[]> = fc.array(
  fc.record({
    person,
    roles,
    groups: fc.subarray(['platform', 'data', 'owners:checkout']),
    verdict: fc.oneof(
      { weight: 9, arbitrary: fc.constant('approve' as const) },
      { weight: 1, arbitrary: fc.constantFrom('reject' as const, 'request_changes' as const) },
    ),
  }),
  { maxLength: 7 },
);

/** A need as a request could carry it, whatever its tier. */
export const need = fc.record({
  needed: fc.integer({ min: 0, max: 4 }),
  roles,
  excludeRequester: fc.boolean(),
  groups: groupNeeds,
});
