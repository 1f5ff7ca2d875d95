import type { Incident } from '../../../workflows/contracts/incident.ts';
import { stableUuid } from '../key.ts';
import type { LinearIssue, LinearPort, LinearStateType, MirrorLinks, MirrorStore, OutboxRow } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { isSpoken, wordsOf } from '../words.ts';
import { assistantLabels, labelAfter } from './labels.ts';
import { planText } from './plan.ts';
import { comment, issueDescription, issueTitle } from './render.ts';

interface LinearSinkDeps {
  readonly linear: LinearPort;
  readonly store: Pick<MirrorStore, 'mirrorLinks' | 'plans'>;
  readonly links: MirrorLinks;
  readonly redact: (text: string) => string;
}

const urgent = 1;

/** An issue is closed only when nothing is left to do; a rejected or failed change leaves a problem. */
const stateByOutcome: Readonly<Record<string, LinearStateType>> = { resolved: 'completed', healthy: 'completed', cancelled: 'canceled' };

function stateAfter(row: OutboxRow): LinearStateType | null {
  if (row.kind === 'incident.closed') return stateByOutcome[String(row.body.data['outcome'])] ?? null;
  if (row.kind === 'incident.investigating' || row.kind === 'incident.reopened') return 'started';
  return null;
}

/** An answer by label was answered in the issue, where its label was taken off (bot/approvals). */
function isAnswered(row: OutboxRow): boolean {
  return row.kind === 'vote.refused' && row.body.data['channel'] === 'linear';
}

/** One issue per incident, a comment per decision, one label for the state. Every call may be repeated. */
export function createLinearSink({ linear, store, links, redact }: LinearSinkDeps): SinkAdapter {
  async function issueOf(incident: Incident): Promise<LinearIssue> {
    const known = (await store.mirrorLinks.list(incident.id)).find((link) => link.sink === 'linear');
    const found = known === undefined ? null : await linear.issue(known.externalId);
    if (found !== null) return found;
    // The id comes from the incident, so that two decisions cannot make two issues.
    const id = stableUuid('linear.issue', incident.id);
    const issue = await linear.ensureIssue({
      id,
      title: issueTitle(incident, redact),
      description: issueDescription(incident, redact),
      priority: urgent,
    });
    await store.mirrorLinks.put({ incidentId: incident.id, sink: 'linear', externalId: issue.id, url: issue.url });
    return issue;
  }

  async function label(issue: LinearIssue, row: OutboxRow): Promise<void> {
    const wanted = labelAfter(row);
    if (wanted === undefined) return;
    const ids = await linear.labelIds(assistantLabels);
    const target = wanted === null ? undefined : ids.get(wanted);
    const present = new Set(issue.labelIds);
    const added = target === undefined || present.has(target) ? [] : [target];
    const removed = [...ids.values()].filter((id) => id !== target && present.has(id));
    if (added.length + removed.length > 0) await linear.relabel(issue.id, added, removed);
  }

  async function body(row: OutboxRow): Promise<string> {
    const text = comment(wordsOf(row, redact), row.body.at);
    if (row.kind !== 'plan.proposed' || row.body.planId === null) return text;
    return `${text}\n\n${planText((await store.plans.get(row.body.planId)).plan, redact)}`;
  }

  return {
    name: 'linear',
    async send(row, incident) {
      const issue = await issueOf(incident);
      const thread = incident.slack === null ? null : links.slackThread(incident.slack);
      if (thread !== null && (row.kind === 'incident.opened' || row.kind === 'incident.thread_set'))
        await linear.attach(issue.id, 'Slack thread', thread);
      const id = stableUuid('linear.comment', row.decisionId);
      const speaks = isSpoken(row.kind) && !isAnswered(row);
      if (speaks) await linear.ensureComment({ id, issueId: issue.id, body: await body(row) });
      await label(issue, row);
      const state = stateAfter(row);
      if (state !== null) await linear.setState(issue.id, state);
      return speaks ? id : issue.id;
    },
  };
}
