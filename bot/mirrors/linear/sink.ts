import type { Incident } from '../../../workflows/contracts/incident.ts';
import { stableUuid } from '../key.ts';
import type { LinearIssue, LinearPort, LinearStateType, MirrorLinks, MirrorStore, OutboxRow } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { isSpoken, wordsOf } from '../words.ts';
import { assistantLabels, labelAfter } from './labels.ts';
import { comment, issueDescription, issueTitle } from './render.ts';

interface LinearSinkDeps {
  readonly linear: LinearPort;
  readonly store: Pick<MirrorStore, 'mirrorLinks'>;
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

  return {
    name: 'linear',
    async send(row, incident) {
      const issue = await issueOf(incident);
      const thread = incident.slack === null ? null : links.slackThread(incident.slack);
      if (thread !== null && (row.kind === 'incident.opened' || row.kind === 'incident.thread_set'))
        await linear.attach(issue.id, 'Slack thread', thread);
      const id = stableUuid('linear.comment', row.decisionId);
      if (isSpoken(row.kind)) await linear.ensureComment({ id, issueId: issue.id, body: comment(wordsOf(row, redact), row.body.at) });
      await label(issue, row);
      const state = stateAfter(row);
      if (state !== null) await linear.setState(issue.id, state);
      return isSpoken(row.kind) ? id : issue.id;
    },
  };
}
