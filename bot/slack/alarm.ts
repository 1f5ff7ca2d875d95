import { breakGlassAlarm } from '../../blocks/break-glass.ts';
import type { NameOf } from '../../blocks/shown-plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Place } from './find-posted.ts';
import type { SlackIdentity } from './identity.ts';
import type { Poster } from './poster.ts';
import { redactData } from './redact-leaves.ts';

export interface AlarmOptions {
  readonly poster: Poster;
  readonly identity: () => Promise<SlackIdentity>;
  readonly nameOf: NameOf;
  /** The Slack account of a person; null where none is mapped. */
  readonly accountOf: (personId: string) => { readonly team: string; readonly user: string } | null;
  readonly redact: (text: string) => string;
}

/** Tells everybody that a plan runs without its approvals. Once per plan. Throws what the poster throws. */
export function createAlarm({ poster, identity, nameOf, accountOf, redact }: AlarmOptions) {
  return async (place: Place | null, { plan, breakGlass }: StoredPlan, ids: readonly string[]): Promise<void> => {
    if (place === null || breakGlass === null) return;
    const { team } = await identity();
    const people = ids.map((id) => {
      const account = accountOf(id);
      return { name: nameOf(id), user: account?.team === team ? account.user : null };
    });
    const view = breakGlassAlarm(redactData(breakGlass, redact), people, nameOf);
    await poster.once(`plan:${plan.id}:break-glass`, place, { view });
  };
}
