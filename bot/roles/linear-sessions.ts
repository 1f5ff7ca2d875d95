import type { Core } from '../core.ts';
import { createLinearSessions, type LinearSessions } from '../intake/linear-sessions.ts';
import type { Workflows } from '../intake/workflows.ts';
import { createLinearAgent } from '../mirrors/linear/agent/client.ts';
import { createLinearUsers } from '../mirrors/linear/users.ts';
import type { LinearPlace } from './mirror.ts';

/** Agent sessions of Linear, which start and stop incidents. */
export function linearSessionsOn(core: Core, place: LinearPlace, workflows: Workflows): LinearSessions {
  const { store, incidents, policy, directory, log } = core;
  return createLinearSessions({
    store,
    agent: createLinearAgent(place),
    users: createLinearUsers(place),
    workflows,
    incidents,
    policy,
    directory,
    log,
  });
}
