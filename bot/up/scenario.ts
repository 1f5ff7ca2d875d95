import { setTimeout as delay } from 'node:timers/promises';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Incident, Outcome } from '../../workflows/contracts/incident.ts';
import type { StepRecord, Vote } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Scenario, ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';
import { createHands } from '../sandbox/slack/hands.ts';
import type { AlertStatus } from '../store/alerts.ts';
import { act, type Refusal, refusalsOf } from './acts.ts';
import { begin, beginningOf } from './begin.ts';
import { type SessionSeen, sessionOf } from './linear.ts';
import { type Stage, untilSeen } from './stage.ts';
import type { RunningSystem } from './up.ts';
import { requireKnown } from './votes.ts';

/** What a scenario came to; one JSON line with `--json`. */
export interface ScenarioLine {
  readonly scenario: string;
  readonly incident: Incident;
  readonly findings: readonly Finding[];
  readonly plan: {
    readonly id: string;
    readonly goal: string;
    readonly state: string;
    readonly requestHash: string;
    readonly tier: string;
  } | null;
  readonly votes: readonly Vote[];
  /** Answers that did not count, and why. */
  readonly refusals: readonly Refusal[];
  readonly steps: readonly StepRecord[];
  /** Observation that verified the last step, or its compensation. */
  readonly verification: string | null;
  /** Of a scenario that began with alerts or pages: how these stand at the end. */
  readonly alerts: Readonly<Record<AlertStatus, number>> | null;
  /** Of a scenario that began in Linear. */
  readonly session: SessionSeen | null;
  readonly outcome: Outcome | null;
  readonly expected: Outcome;
}

function lineOf(
  scenario: Scenario,
  incident: Incident,
  findings: readonly Finding[],
  plan: StoredPlan | null,
  refusals: readonly Refusal[],
  around: Pick<ScenarioLine, 'alerts' | 'session'>,
): ScenarioLine {
  const last = plan?.steps.at(-1);
  return {
    scenario: scenario.name,
    incident,
    findings,
    plan:
      plan === null
        ? null
        : { id: plan.plan.id, goal: plan.plan.goal, state: plan.state, requestHash: plan.requestHash, tier: plan.plan.tier },
    votes: plan?.votes ?? [],
    refusals,
    steps: plan?.steps ?? [],
    verification: last?.rollbackVerification ?? last?.verification ?? null,
    ...around,
    outcome: incident.outcome,
    expected: scenario.outcome,
  };
}

/** A page that the mirror resolves is told of by its webhook, a moment after the end. */
const resolvedWithinMs = 30_000;

async function alertsOf({ system, scenario }: Stage, incidentId: string): Promise<ScenarioLine['alerts']> {
  if (scenario.trigger === undefined || scenario.trigger.kind === 'linear') return null;
  const resolves = scenario.trigger.kind === 'page' && system.core.file.pagerduty.resolve === 'verified';
  const end = Date.now() + resolvedWithinMs;
  for (;;) {
    const counts = await system.core.store.alerts.count(incidentId);
    const of = (status: AlertStatus) => counts.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);
    const seen = { firing: of('firing'), acknowledged: of('acknowledged'), resolved: of('resolved') };
    if (!resolves || seen.firing + seen.acknowledged === 0 || Date.now() > end) return seen;
    await delay(200);
  }
}

/** Answers in the thread what people are asked there. */
async function reply({ system, hands, scenario, thread, progress }: Stage, { to, text }: NonNullable<Scenario['reply']>): Promise<void> {
  const person = system.core.directory.byId(scenario.requester)?.slack?.user ?? '';
  await hands.until(person, thread.channel, thread.threadTs, (message) => message.text.includes(to));
  progress(`${scenario.requester} answers in the thread: ${text}`);
  await hands.post(person, thread.channel, `<@${system.parts.localSlack?.botUserId}> ${text}`, thread.threadTs);
}

/** Plays a scenario to its end, with scripted answers of people. */
export async function playScenario(
  system: RunningSystem,
  scenario: Scenario,
  votes: readonly ScenarioVote[],
  progress: (line: string) => void,
): Promise<ScenarioLine> {
  const { localSlack } = system.parts;
  if (localSlack === null) throw new Error('scenarios are played in the local Slack: unset SLACK_BOT_TOKEN');
  const known = system.core.directory.people.filter(({ slack }) => slack !== undefined).map(({ id }) => id);
  requireKnown(votes, known);
  progress(beginningOf(scenario));
  const stage: Stage = { system, hands: createHands(localSlack.url), scenario, thread: await begin(system, scenario), progress };
  if (scenario.reply !== undefined) await reply(stage, scenario.reply);
  const waits = () => untilSeen(stage, ({ incident, plan }) => incident.state === 'closed' || plan?.state === 'pending');
  const first = await waits();
  progress(first.plan === null ? 'No plan was proposed' : `A plan waits: ${first.plan.plan.goal}`);
  for (const event of scenario.meanwhile ?? []) system.parts.estate?.apply(event);
  for (const vote of votes) {
    const { incident, plan } = await waits();
    if (incident.state === 'closed' || plan === null) break;
    await act(stage, plan, vote);
  }
  const { incident, plan } = await untilSeen(stage, (seen) => seen.incident.state === 'closed');
  const plans = await system.core.store.plans.listForIncident(incident.id);
  const refusals = (await Promise.all(plans.map((each) => refusalsOf(stage, each.plan.id)))).flat();
  const findings = await system.core.store.findings.listForIncident(incident.id);
  return lineOf(scenario, incident, findings, plan, refusals, {
    alerts: await alertsOf(stage, incident.id),
    session: await sessionOf(stage),
  });
}
