import type { Incident } from '../../../workflows/contracts/incident.ts';
import { postmortemMarkdown } from '../../postmortem/markdown.ts';
import type { FollowUp } from '../../postmortem/model.ts';
import { PeerForbidden, PeerRefused } from '../errors.ts';
import { stableUuid } from '../key.ts';
import { kindRow } from '../kinds.ts';
import { inert, plain } from '../markdown.ts';
import type { Batch, MirrorLinks, MirrorStore, OutboxRow, PostmortemOf } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { attachmentsAfter } from './attachments.ts';
import { checklist } from './checklist.ts';
import { assistantLabels, labelAfter } from './labels.ts';
import { planText } from './plan.ts';
import type { LinearIssue, LinearPort, LinearStateType } from './ports.ts';
import { comment, issueDescription, issueTitle } from './render.ts';

export interface LinearSinkDeps {
  readonly linear: LinearPort;
  readonly store: Pick<MirrorStore, 'mirrorLinks' | 'plans'>;
  readonly postmortem: PostmortemOf;
  /** Makes an issue of each follow-up. */
  readonly followUps: boolean;
  readonly links: MirrorLinks;
  readonly redact: (text: string) => string;
}

const urgent = 1;
const normal = 3;

/** An issue is closed only when nothing is left to do; a rejected or failed change leaves a problem. */
const stateByOutcome: Readonly<Record<string, LinearStateType>> = { resolved: 'completed', healthy: 'completed', cancelled: 'canceled' };

function stateAfter(rows: readonly OutboxRow[]): LinearStateType | null {
  const states = rows.map((row) => {
    if (row.kind === 'incident.closed') return stateByOutcome[String(row.body.data['outcome'])] ?? null;
    return row.kind === 'incident.investigating' || row.kind === 'incident.reopened' ? 'started' : null;
  });
  return states.findLast((state) => state !== null) ?? null;
}

/** An answer by label was answered in the issue, where its label was taken off (bot/approvals). */
function isAnswered(row: OutboxRow): boolean {
  return row.kind === 'vote.refused' && row.body.data['channel'] === 'linear';
}

function isSpoken(row: OutboxRow): boolean {
  return kindRow(row.kind)?.linear !== 'quiet' && !isAnswered(row);
}

/** One issue per incident, comments for its decisions, a checklist for each plan, one label for the state. Every call may be repeated. */
export function createLinearSink({ linear, store, postmortem, followUps, links, redact }: LinearSinkDeps): SinkAdapter {
  async function issueOf(incident: Incident): Promise<LinearIssue> {
    const known = (await store.mirrorLinks.list(incident.id)).find((link) => link.sink === 'linear');
    const found = known === undefined ? null : await linear.issue(known.externalId);
    if (found !== null) return found;
    // The id comes from the incident, so that two decisions cannot make two issues.
    const issue = await linear.ensureIssue({
      id: stableUuid('linear.issue', incident.id),
      title: issueTitle(incident, redact),
      description: issueDescription(incident, redact),
      priority: urgent,
    });
    await store.mirrorLinks.put({ incidentId: incident.id, sink: 'linear', externalId: issue.id, url: issue.url });
    return issue;
  }

  async function label(issue: LinearIssue, rows: readonly OutboxRow[]): Promise<void> {
    const wanted = labelAfter(rows);
    if (wanted === undefined) return;
    const ids = await linear.labelIds(assistantLabels);
    const target = wanted === null ? undefined : ids.get(wanted);
    const present = new Set(issue.labelIds);
    const added = target === undefined || present.has(target) ? [] : [target];
    const removed = [...ids.values()].filter((id) => id !== target && present.has(id));
    if (added.length + removed.length > 0) await linear.relabel(issue.id, added, removed);
  }

  async function speak(issue: LinearIssue, { rows, key }: Batch): Promise<string | null> {
    const spoken = rows.filter(isSpoken);
    const [first] = spoken;
    if (first === undefined) return null;
    const id = stableUuid('linear.comment', key);
    const text = comment(spoken, links, redact);
    const { planId } = first.body;
    const isProposal = first.kind === 'plan.proposed' && planId !== null;
    const body = isProposal ? `${text}\n\n${planText((await store.plans.get(planId)).plan, redact)}` : text;
    await linear.ensureComment({ id, issueId: issue.id, body });
    return id;
  }

  /** One comment per plan, kept up to date: what people approved stays as they read it, in the comment of the proposal. */
  async function tick(issue: LinearIssue, rows: readonly OutboxRow[]): Promise<void> {
    const moved = rows.filter((row) => row.kind.startsWith('plan.') || row.kind.startsWith('step.'));
    for (const planId of new Set(moved.flatMap((row) => row.body.planId ?? []))) {
      const body = checklist(await store.plans.get(planId), redact);
      await linear.putComment({ id: stableUuid('linear.checklist', planId), issueId: issue.id, body });
    }
  }

  /** For incidents in which something was wrong. A comment, where the key may make no documents. */
  async function conclude(issue: LinearIssue, incident: Incident, closed: OutboxRow): Promise<void> {
    const written = await postmortem(incident.id);
    if (written.causes.length === 0) return;
    const content = postmortemMarkdown(written, { redact, observation: (id) => links.observation(id) });
    const id = stableUuid('linear.postmortem', closed.decisionId);
    const title = `Postmortem: ${issueTitle(incident, redact)}`;
    await linear.ensureDocument({ id, issueId: issue.id, title, content }).catch((error: unknown) => {
      if (error instanceof PeerRefused || error instanceof PeerForbidden)
        return linear.ensureComment({ id, issueId: issue.id, body: content });
      throw error;
    });
    for (const followUp of followUps ? written.followUps : []) await follow(issue, incident, followUp);
  }

  /** Its id comes from the incident and from what it is about, so that nothing is asked for twice. */
  async function follow(issue: LinearIssue, incident: Incident, { key, title, why }: FollowUp): Promise<void> {
    const description = `${inert(redact(why), 2_000)}\n\nA follow-up of the incident: ${issue.url}`;
    const id = stableUuid('linear.follow_up', incident.id, key);
    await linear.ensureIssue({ id, title: plain(redact(title), 200), description, priority: normal, parentId: issue.id });
  }

  return {
    name: 'linear',
    async send(batch, incident) {
      const { rows } = batch;
      const issue = await issueOf(incident);
      for (const attachment of attachmentsAfter(rows, issue.id, incident, links)) await linear.attach(attachment);
      const commentId = await speak(issue, batch);
      await tick(issue, rows);
      await label(issue, rows);
      const state = stateAfter(rows);
      if (state !== null) await linear.setState(issue.id, state);
      const closed = rows.findLast((row) => row.kind === 'incident.closed');
      if (closed !== undefined) await conclude(issue, incident, closed);
      return commentId ?? issue.id;
    },
  };
}
