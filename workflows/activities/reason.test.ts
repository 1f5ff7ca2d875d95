import { expect, test } from 'vitest';
import type { Deps } from './deps.ts';
import { createReasonActivities } from './reason.ts';

test('whoever answers the planner is kept as a requester before the model hears it', async () => {
  const happened: string[] = [];
  const deps = {
    attended: (run: (signal: AbortSignal) => Promise<unknown>) => run(new AbortController().signal),
    incidents: {
      get: async () => ({ id: 'i', title: 't', text: '', site: null, requester: null }),
      addRequesters: async (id: string, people: readonly string[]) => void happened.push(`${id} ${people.join()}`),
    },
    findings: { listForIncident: async () => [] },
    observations: { listForIncident: async () => [] },
    registry: { list: () => [] },
    estate: { sites: [], services: [], people: [] },
    model: {
      ask: async () => {
        happened.push('asked');
        return { kind: 'none', reason: 'away' };
      },
    },
  } as unknown as Deps;
  const { draftByModel } = createReasonActivities(deps);
  await draftByModel('i', []);
  await draftByModel('i', [], [{ person: 'ann', text: 'four replicas' }]);
  expect(happened).toEqual(['asked', 'i ann', 'asked']);
});
