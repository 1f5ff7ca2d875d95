import { randomBytes } from 'node:crypto';
import { SlackRefusal } from './errors.ts';

/** Trigger ids: each opens one view, shortly after the click that made it. */
export interface Triggers {
  issue(user: string): string;
  /** Answers whose click it was. Refuses with Slack's three codes. */
  redeem(triggerId: string): string;
}

export function createTriggers(lifetime: number, now: () => number = Date.now): Triggers {
  const issued = new Map<string, { user: string; expires: number; used: boolean }>();
  return {
    issue: (user) => {
      for (const [id, trigger] of issued) if (trigger.expires + 60_000 < now()) issued.delete(id);
      const id = `${now()}.${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { user, expires: now() + lifetime, used: false });
      return id;
    },
    redeem: (triggerId) => {
      const trigger = issued.get(triggerId);
      if (trigger === undefined) throw new SlackRefusal('invalid_trigger_id');
      if (trigger.used) throw new SlackRefusal('exchanged_trigger_id');
      if (trigger.expires < now()) throw new SlackRefusal('expired_trigger_id');
      trigger.used = true;
      return trigger.user;
    },
  };
}
