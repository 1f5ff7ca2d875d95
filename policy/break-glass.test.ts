import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CountedVote, changeWindow, freeze, questionOf, steps, tighteningRule, votes } from './arbitraries.ts';
import { loadCommittedPolicy } from './load.ts';

const policy = await loadCommittedPolicy();
const base = questionOf('executes with its quorum', 'execute');
const ask = questionOf('an admin breaks the glass', 'break_glass');
const { nowMs } = base;
const minute = 60_000;

const roles = fc.subarray(['viewer', 'responder', 'approver', 'admin']);
const settings = fc.option(fc.record({ roles, maxMinutes: fc.integer({ min: 0, max: 120 }) }));
const glass = fc
  .record({ roles, since: fc.integer({ min: -5, max: 70 }), lasts: fc.integer({ min: 0, max: 80 }) })
  .map(({ roles: own, since, lasts }) => {
    const atMs = nowMs - since * minute;
    return { person: 'dave', roles: own, atMs, untilMs: atMs + lasts * minute };
  });

/** So many people of every role and group that nobody could ask for more. */
const everybody: CountedVote[] = Array.from({ length: 20 }, (_, index) => ({
  person: `p${index}`,
  roles: ['responder', 'approver', 'admin'],
  groups: ['platform', 'data', 'owners:checkout', 'owners:cart'],
  verdict: 'approve',
}));

const question = fc
  .record({
    steps: steps.map((all) => all.slice(0, 1)),
    autonomy: fc.array(tighteningRule, { maxLength: 2 }).map((rules) => ({ rules })),
    windows: fc.array(changeWindow, { maxLength: 1 }),
    freezes: fc.array(freeze, { maxLength: 1 }),
    usage: fc.record({ writesLastHour: fc.constantFrom(0, 19, 20) }),
    requestHashMatches: fc.boolean(),
    expiresMs: fc.constantFrom(nowMs, nowMs + 1),
    votes,
    breakGlass: glass,
    breakGlassSettings: settings,
  })
  .map((change) => ({ ...base, ...change }));

it('a broken glass runs nothing that the approval of everybody would not run', () => {
  let stoodIn = 0;
  fc.assert(
    fc.property(question, (asked) => {
      const { verdict, rules } = policy.decide(asked);
      if (verdict !== 'allow') return;
      stoodIn += rules.includes('break_glass.active') ? 1 : 0;
      expect(policy.decide({ ...asked, breakGlass: null, votes: [...asked.votes, ...everybody] }).verdict).toBe('allow');
    }),
    { numRuns: 3_000 },
  );
  expect(stoodIn).toBeGreaterThan(0);
});

it('it stands in while it lasts, for an hour at most, for somebody who still may', () => {
  fc.assert(
    fc.property(glass, settings, (breakGlass, breakGlassSettings) => {
      const { verdict } = policy.decide({ ...base, votes: [], breakGlass, breakGlassSettings });
      const { atMs, untilMs, roles: own } = breakGlass;
      const lasts = atMs <= nowMs && nowMs < untilMs && untilMs - atMs <= Math.min(breakGlassSettings?.maxMinutes ?? 0, 60) * minute;
      const may = own.some((role) => ['approver', 'admin'].includes(role) && breakGlassSettings?.roles.includes(role));
      expect(verdict).toBe(lasts && may ? 'allow' : 'deny');
    }),
    { numRuns: 2_000 },
  );
});

it('nobody breaks it but a person with the role, a fresh login, a reason, and a time of at most an hour', () => {
  const subject: fc.Arbitrary<typeof ask.subject> = fc.record({
    person: fc.constantFrom('dave', null),
    roles,
    serviceToken: fc.boolean(),
    foreignTeam: fc.boolean(),
    guest: fc.boolean(),
    bot: fc.boolean(),
    deactivated: fc.boolean(),
  });
  const sound = fc.constant<typeof ask.subject>({ ...ask.subject, roles: ['approver'] });
  const change = fc.record({
    subject: fc.oneof(sound, subject),
    loginMs: fc.option(fc.integer({ min: nowMs - 400_000, max: nowMs + 1_000 })),
    reason: fc.oneof(fc.constant('checkout is down'), fc.string({ maxLength: 14 }), fc.constant('            ')),
    minutes: fc.integer({ min: 0, max: 90 }),
    settings,
  });
  fc.assert(
    fc.property(change, (changed) => {
      const { subject: who, loginMs, reason, minutes, settings: set } = changed;
      const flagged = who.serviceToken || who.foreignTeam || who.guest || who.bot || who.deactivated;
      const role = who.roles.some((own) => ['approver', 'admin'].includes(own) && set?.roles.includes(own));
      const login = loginMs !== null && loginMs <= nowMs && nowMs - loginMs <= 5 * minute;
      const time = minutes >= 1 && minutes <= Math.min(60, set?.maxMinutes ?? 0);
      const may = who.person !== null && !flagged && role && login && time && reason.trim().length >= 10;
      expect(policy.decide({ ...ask, ...changed }).verdict).toBe(may ? 'allow' : 'deny');
    }),
    { numRuns: 3_000 },
  );
});
