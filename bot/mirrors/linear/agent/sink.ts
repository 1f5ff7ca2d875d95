import type { Incident } from '../../../../workflows/contracts/incident.ts';
import { stableUuid } from '../../key.ts';
import type { MirrorLinks, MirrorStore, OutboxRow } from '../../ports.ts';
import type { SinkAdapter } from '../../sink.ts';
import type { LinearAgentPort } from './ports.ts';
import { activityOf, planItems } from './words.ts';

export interface LinearAgentSinkDeps {
  readonly agent: LinearAgentPort;
  readonly store: Pick<MirrorStore, 'linearSessions' | 'plans'>;
  readonly links: MirrorLinks;
  readonly redact: (text: string) => string;
}

/** What happens in an incident, as activities of the sessions that are about it. Every call may be repeated. */
export function createLinearAgentSink({ agent, store, links, redact }: LinearAgentSinkDeps): SinkAdapter {
  async function show(row: OutboxRow, incident: Incident): Promise<void> {
    const { planId } = row.body;
    const stored = planId === null ? null : await store.plans.get(planId);
    const thread = incident.slack === null ? null : links.slackThread(incident.slack);
    const content = activityOf(row, stored, thread, redact);
    for (const sessionId of await store.linearSessions.of(incident.id)) {
      if (content !== null) await agent.say({ id: stableUuid('linear.activity', sessionId, row.decisionId), sessionId, content });
      if (stored !== null) await agent.showPlan(sessionId, planItems(stored, redact));
    }
  }

  return {
    name: 'linear_agent',
    async send({ rows }, incident) {
      for (const row of rows) await show(row, incident);
      return null;
    },
  };
}
