import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Logger } from 'pino';
import type { Site } from '../tools/site.ts';
import { systemsOf } from '../tools/systems.ts';

/** Whether somebody executes the operations of a site. */
export interface SiteHealth {
  readonly name: string;
  readonly environment: string;
  readonly systems: readonly string[];
  /** Runners that have asked for work within the last minutes. */
  readonly runners: number;
  readonly lastSeen: string | null;
}

/** Milliseconds after which a runner that has not asked for work counts as gone: it asks anew about every minute. */
const goneMs = 120_000;

async function healthOf(client: Client, site: Site, nowMs: number): Promise<SiteHealth> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: `tools-${site.name}` },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
  });
  const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000).filter((ms) => ms > 0);
  const last = seen.length === 0 ? null : new Date(Math.max(...seen)).toISOString();
  const runners = seen.filter((ms) => nowMs - ms < goneMs).length;
  return { name: site.name, environment: site.environment, systems: systemsOf(site).map(({ title }) => title), runners, lastSeen: last };
}

/** As Temporal sees the runners of each site; null: it does not answer. */
export function createSiteHealth(client: Client, sites: readonly Site[], log: Logger): () => Promise<readonly SiteHealth[] | null> {
  return async () => {
    try {
      return await client.connection.withDeadline(Date.now() + 2_000, () =>
        Promise.all(sites.map((site) => healthOf(client, site, Date.now()))),
      );
    } catch (error) {
      log.warn({ err: error }, 'the runners of sites are not known');
      return null;
    }
  };
}
