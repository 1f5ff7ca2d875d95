import { z } from 'zod';
import { createApi, type LinearClientOptions } from '../api.ts';
import { ensure } from '../ensure.ts';
import type { LinearAgentPort } from './ports.ts';

const activityById = {
  document: `query activityById($id: ID!) {
  agentActivities(filter: { id: { eq: $id } }, first: 1, includeArchived: true) { nodes { id } }
}`,
  answer: z.object({ agentActivities: z.object({ nodes: z.array(z.object({ id: z.string() })) }) }),
};

/** Linear's agent sessions through its SDK. Linear demands the token of an app (`lin_oauth_…`) for them. */
export function createLinearAgent(options: LinearClientOptions): LinearAgentPort {
  const api = createApi(options);
  return {
    say: ({ id, sessionId, content }) =>
      ensure(
        () => api.call((client) => client.createAgentActivity({ id, agentSessionId: sessionId, content })),
        async () => (await api.read(activityById, { id })).agentActivities.nodes.length > 0,
      ),
    async showPlan(sessionId, items) {
      // The schema calls it an object; Linear documents a list.
      const plan = items as unknown as Record<string, unknown>;
      await api.call((client) => client.updateAgentSession(sessionId, { plan }));
    },
  };
}
