import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage.ts';

/** By the hands of a person on the local Linear's page. Throws when it refuses. */
export async function askLinear(page: string, path: string, body: object): Promise<{ readonly id: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(new URL(path, page), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the local Linear answered ${path} with ${response.status}`);
  return (await response.json()) as { id: string };
}

/** The agent session of a scenario that began in Linear. */
export interface SessionSeen {
  readonly status: string;
  /** Types of what the assistant said, in order. */
  readonly activities: readonly string[];
  /** From the mention to the first activity. */
  readonly firstActivityMs: number | null;
}

interface Listed {
  readonly status: string;
  readonly createdAt: string;
  readonly activities: readonly { readonly content: { readonly type: string }; readonly createdAt: string }[];
}

/** The mirror brings the last activity a moment after the end. */
const withinMs = 30_000;

/** The session once it has ended; as it is by then where it does not end. Null: the scenario did not begin in Linear. */
export async function sessionOf({ system, scenario }: Stage): Promise<SessionSeen | null> {
  const page = system.parts.linear?.page ?? null;
  if (scenario.trigger?.kind !== 'linear' || page === null) return null;
  const end = Date.now() + withinMs;
  for (;;) {
    const [session] = ((await (await fetch(new URL('/ui/sessions', page))).json()) as Listed[]).toReversed();
    if (session === undefined) return null;
    const first = session.activities[0];
    if (session.status === 'complete' || session.status === 'error' || Date.now() > end)
      return {
        status: session.status,
        activities: session.activities.map(({ content }) => content.type),
        firstActivityMs: first === undefined ? null : Date.parse(first.createdAt) - Date.parse(session.createdAt),
      };
    await delay(200);
  }
}
