import { setTimeout as delay } from 'node:timers/promises';
import type { Finding } from '../../workflows/contracts/finding.ts';
import type { Incident, Outcome } from '../../workflows/contracts/incident.ts';
import type { StepRecord, Vote } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Scenario } from '../sandbox/estate/scenarios/scenario.ts';
import { createHands, type Hands, hasAction } from '../sandbox/slack/hands.ts';
import type { RunningSystem } from './up.ts';
import { type ScenarioVote, VotesInvalid } from './votes.ts';

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
  readonly steps: readonly StepRecord[];
  /** Observation that verified the last step, or its compensation. */
  readonly verification: string | null;
  readonly outcome: Outcome | null;
  readonly expected: Outcome;
}

interface Stage {
  readonly system: RunningSystem;
  readonly hands: Hands;
  readonly scenario: Scenario;
  readonly progress: (line: string) => void;
}

function slackUser({ system }: Stage, person: string): string {
  const user = system.core.directory.byId(person)?.slack?.user;
  if (user === undefined) throw new VotesInvalid(`${person}:…`);
  return user;
}

/** Writes the scenario's mention in the local Slack; answers the channel and thread. */
export async function mention(system: RunningSystem, scenario: Scenario): Promise<{ channel: string; threadTs: string }> {
  const { localSlack } = system.parts;
  const channel = system.core.file.channels.default;
  const person = system.core.directory.byId(scenario.requester)?.slack?.user;
  if (localSlack === null || channel === undefined || person === undefined)
    throw new Error('a scenario needs the local Slack and its people');
  const threadTs = await createHands(localSlack.url).post(person, channel, `<@${localSlack.botUserId}> ${scenario.mention}`);
  return { channel, threadTs };
}

async function vote(stage: Stage, thread: { channel: string; threadTs: string }, { person, verdict }: ScenarioVote): Promise<boolean> {
  const user = slackUser(stage, person);
  const card = await stage.hands.until(
    user,
    thread.channel,
    thread.threadTs,
    (message) => hasAction(message, 'plan.approve') || message.text.includes('Outcome'),
  );
  if (!hasAction(card, 'plan.approve')) return false;
  stage.progress(`${person} clicks ${verdict === 'approve' ? 'Approve' : 'Reject'}`);
  if (verdict === 'approve') await stage.hands.click(user, card, 'plan.approve');
  else await stage.hands.clickAndFill(user, card, 'plan.reject', { reason: { value: 'Not now (scripted vote).' } });
  return true;
}

async function untilIncident(
  { system }: Stage,
  thread: { channel: string; threadTs: string },
  wanted: (incident: Incident, plan: StoredPlan | null) => boolean,
): Promise<{ incident: Incident; plan: StoredPlan | null }> {
  const { core, parts } = system;
  const team = parts.localSlack?.team.id ?? '';
  for (;;) {
    const incident = await core.store.incidents.byThread({ team, ...thread });
    const plan = incident === null ? null : ((await core.store.plans.listForIncident(incident.id)).at(-1) ?? null);
    if (incident !== null && wanted(incident, plan)) return { incident, plan };
    await delay(100);
  }
}

function lineOf(scenario: Scenario, incident: Incident, findings: readonly Finding[], plan: StoredPlan | null): ScenarioLine {
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
    steps: plan?.steps ?? [],
    verification: last?.rollbackVerification ?? last?.verification ?? null,
    outcome: incident.outcome,
    expected: scenario.outcome,
  };
}

/** Plays a scenario to its end, with scripted votes through Slack's buttons. */
export async function playScenario(
  system: RunningSystem,
  scenario: Scenario,
  votes: readonly ScenarioVote[],
  progress: (line: string) => void,
): Promise<ScenarioLine> {
  const { localSlack } = system.parts;
  if (localSlack === null) throw new Error('scenarios are played in the local Slack: unset SLACK_BOT_TOKEN');
  const stage: Stage = { system, hands: createHands(localSlack.url), scenario, progress };
  progress(`${scenario.requester} writes: @watchkeeper ${scenario.mention}`);
  const thread = await mention(system, scenario);
  const first = await untilIncident(stage, thread, (incident, plan) => incident.state === 'closed' || plan?.state === 'pending');
  progress(first.plan === null ? 'No plan was proposed' : `A plan waits: ${first.plan.plan.goal}`);
  for (const each of first.incident.state === 'closed' ? [] : votes) {
    const current = await untilIncident(stage, thread, () => true);
    if (current.plan?.state !== 'pending') break;
    await vote(stage, thread, each);
    await untilIncident(
      stage,
      thread,
      (_incident, plan) => plan?.state !== 'pending' || plan.votes.some(({ person }) => person === each.person),
    );
  }
  const { incident, plan } = await untilIncident(stage, thread, (each) => each.state === 'closed');
  return lineOf(scenario, incident, await system.core.store.findings.listForIncident(incident.id), plan);
}
