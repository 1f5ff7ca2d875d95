import { setTimeout as delay } from 'node:timers/promises';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Scenario } from '../sandbox/estate/scenarios/scenario.ts';
import type { Hands } from '../sandbox/slack/hands.ts';
import type { RunningSystem } from './up.ts';

/** A scenario that is being played. */
export interface Stage {
  readonly system: RunningSystem;
  readonly hands: Hands;
  readonly scenario: Scenario;
  /** Where people talk about it. */
  readonly thread: { readonly channel: string; readonly threadTs: string };
  readonly progress: (line: string) => void;
}

export interface Seen {
  readonly incident: Incident;
  /** The newest one. */
  readonly plan: StoredPlan | null;
}

/** Waits until the incident of the scenario is as wanted. */
export async function untilSeen({ system, thread }: Stage, wanted: (seen: Seen) => boolean | Promise<boolean>): Promise<Seen> {
  const { core, parts } = system;
  const team = parts.localSlack?.team.id ?? '';
  for (;;) {
    const incident = await core.store.incidents.byThread({ team, ...thread });
    if (incident !== null) {
      const plan = (await core.store.plans.listForIncident(incident.id)).at(-1) ?? null;
      if (await wanted({ incident, plan })) return { incident, plan };
    }
    await delay(100);
  }
}
