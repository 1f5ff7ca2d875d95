import { z } from 'zod';
import type { Site, SystemName } from './site.ts';
import { createTurns, type Turn, type Turns } from './turns.ts';

/** How many calls a runner makes to one system at once. Those in excess wait for their turn, few and not for long. */
export const SystemLimits = z.strictObject({
  concurrent: z.int().min(1).max(16).default(8).describe('Calls that a runner makes at once.'),
  waiting: z.int().min(0).max(100).default(16).describe('Calls that wait for their turn; more are refused.'),
  waitSeconds: z.int().min(1).max(60).default(30).describe('How long a call waits at most.'),
});
export type SystemLimits = z.infer<typeof SystemLimits>;

export function limitsOf({ limits }: Pick<Site, 'limits'>, system: SystemName): SystemLimits {
  return limits?.[system] ?? SystemLimits.parse({});
}

/** The turns at each system of a site, by the operation's name. */
export interface Limiter {
  take(operation: string, waitMs: number, signal?: AbortSignal): Promise<Turn>;
  /** Why a turn was not had. */
  words(operation: string, kind: Exclude<Turn['kind'], 'taken'>): string;
}

export function createLimiter(site: Site): Limiter {
  const bySystem = new Map<string, Turns>();
  const systemOf = (operation: string) => operation.slice(0, operation.indexOf('.')) as SystemName;
  const turnsOf = (system: SystemName): Turns => {
    const { concurrent, waiting, waitSeconds } = limitsOf(site, system);
    const turns = bySystem.get(system) ?? createTurns({ concurrent, waiting, waitMs: waitSeconds * 1_000 });
    bySystem.set(system, turns);
    return turns;
  };
  return {
    take: (operation, waitMs, signal) => turnsOf(systemOf(operation)).take(waitMs, signal),
    words(operation, kind) {
      const system = systemOf(operation);
      const { concurrent, waiting } = limitsOf(site, system);
      if (kind === 'cancelled') return 'it was cancelled while it waited for its turn';
      const most = `the runner makes ${concurrent} ${concurrent === 1 ? 'call' : 'calls'} to ${system} at once`;
      return kind === 'full'
        ? `${most}, and ${waiting} wait already: try again later, or raise limits.${system} of site ${site.name}`
        : `${most}, and none has ended in time: try again later, or raise limits.${system} of site ${site.name}`;
    },
  };
}
