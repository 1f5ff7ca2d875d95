import type { StoredPlan } from '../../workflows/ports.ts';
import type { ScenarioVote } from '../sandbox/estate/scenarios/scenario.ts';
import { signInAtCommandLine } from '../sandbox/oidc/hands.ts';
import { hasAction } from '../sandbox/slack/hands.ts';
import { type Stage, untilSeen } from './stage.ts';

async function bySlack({ system, hands, thread, progress }: Stage, plan: StoredPlan, { person, verdict }: ScenarioVote): Promise<void> {
  const user = system.core.directory.byId(person)?.slack?.user;
  if (user === undefined) throw new Error(`${person} has no account in the local Slack`);
  const card = await hands.until(
    user,
    thread.channel,
    thread.threadTs,
    (message) => hasAction(message, 'plan.approve') && JSON.stringify(message.blocks).includes(plan.plan.id),
  );
  progress(`${person} clicks ${verdict === 'approve' ? 'Approve' : 'Reject'}`);
  if (verdict === 'reject') return hands.clickAndFill(user, card, 'plan.reject', { reason: { value: 'Not now (scripted vote).' } });
  if (plan.plan.tier !== 'high') return hands.click(user, card, 'plan.approve');
  return hands.clickAndFill(user, card, 'plan.approve', { reason: { value: 'It is what the evidence asks for (scripted vote).' } });
}

/** The issue has to show the plan before a label can answer it. */
async function byLabel(stage: Stage, plan: StoredPlan, { person, verdict }: ScenarioVote): Promise<void> {
  const { linear } = stage.system.parts;
  if (linear === null || linear.page === null) throw new Error('a vote by label needs the local Linear');
  const { page } = linear;
  const issue = await untilValue(async () => {
    const issues = (await (await fetch(new URL('/ui/issues', page))).json()) as { id: string; comments: { body: string }[] }[];
    return issues.find(({ comments }) => comments.some(({ body }) => body.includes(plan.requestHash)));
  });
  const label = verdict === 'approve' ? 'assistant:approved' : 'assistant:rejected';
  stage.progress(`${person} puts the label ${label} on the Linear issue`);
  // The mirror makes the labels of the team when it first needs them, a moment after the comment.
  await untilValue(async () => {
    const response = await fetch(new URL(`/ui/issues/${issue.id}/labels`, page), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: person, add: label }),
    });
    if (response.ok) return true;
    if (response.status !== 404) throw new Error(`the local Linear refused the label: ${response.status}`);
    return undefined;
  });
}

/** What `watchkeeper login` and `watchkeeper break-glass use` do. */
async function byBreakGlass({ system, progress }: Stage, plan: StoredPlan, { person }: ScenarioVote): Promise<void> {
  const account = system.core.directory.byId(person)?.oidc;
  const { signIn } = system.parts;
  if (account === undefined || signIn === null || signIn.page === null) throw new Error('break-glass needs the local sign-in');
  const { tokens } = await signInAtCommandLine(signIn, system.core.file.oidc.audience, account);
  progress(`${person} signs in, and breaks the glass`);
  const response = await fetch(`${system.apiUrl}/v1/plans/${plan.plan.id}/break-glass`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.access_token}` },
    body: JSON.stringify({ reason: 'payments are down and nobody else answers (scripted)' }),
  });
  if (!response.ok) throw new Error(`break-glass was refused: ${response.status} ${await response.text()}`);
}

async function untilValue<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const ways = { slack: bySlack, linear: byLabel, break_glass: byBreakGlass } as const;

export interface Refusal {
  readonly actor: string;
  readonly code: string;
  readonly message: string;
}

/** Answers that did not count, oldest first. */
export async function refusalsOf({ system }: Stage, planId: string): Promise<readonly Refusal[]> {
  const entries = await system.core.store.audit.list({ planId, kind: 'vote.refused' }, 0, 1_000);
  return entries.map(({ body: { actor }, data }) => ({
    actor: `${actor.kind}:${actor.id}`,
    code: String(data['code']),
    message: String(data['message']),
  }));
}

/** One person's answer to the plan that waits; resolves when it was counted or refused. */
export async function act(stage: Stage, plan: StoredPlan, vote: ScenarioVote): Promise<void> {
  const { id } = plan.plan;
  const before = (await refusalsOf(stage, id)).length;
  await ways[vote.via ?? 'slack'](stage, plan, vote);
  await untilSeen(stage, async (seen) => {
    if (seen.incident.state === 'closed' || seen.plan?.plan.id !== id || seen.plan.state !== 'pending') return true;
    return seen.plan.votes.some(({ person }) => person === vote.person) || (await refusalsOf(stage, id)).length > before;
  });
}
