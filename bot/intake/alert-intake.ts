import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Chat } from '../../workflows/ports.ts';
import type { AlertGroup } from '../alertmanager/group.ts';
import type { Transaction } from '../alerts/alert.ts';
import type { Service } from '../config-file.ts';
import { createServiceGraph } from '../correlation/graph.ts';
import type { Alerts } from '../correlation/settings.ts';
import type { PageEvent } from '../pagerduty/event.ts';
import type { PageEvidence } from '../pagerduty/evidence.ts';
import type { PagerDutyReads } from '../pagerduty/reads.ts';
import type { Directory } from '../people.ts';
import type { AlertBoard } from '../slack/alert-board.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';
import { type AlertsHandler, createAlertsHandler } from './alerts.ts';
import { handleNotification } from './notification.ts';
import { handlePage } from './page.ts';
import type { Workflows } from './workflows.ts';

export interface AlertIntakeDeps {
  readonly store: Store;
  readonly settings: Alerts;
  readonly services: readonly Service[];
  readonly directory: Directory;
  readonly workflows: Workflows;
  readonly chat: Pick<Chat, 'openThread' | 'say'>;
  readonly board: AlertBoard;
  /** Both null: no API key of PagerDuty. */
  readonly reads: PagerDutyReads | null;
  readonly evidence: PageEvidence | null;
  readonly log: Logger;
}

/** What alerts from outside come to: incidents, threads, investigations. Every method may be repeated. */
export interface AlertIntake extends AlertsHandler {
  page(event: PageEvent): Promise<void>;
  /** `tokenId`: of the service token with which it came. */
  notification(group: AlertGroup, tokenId: string): Promise<void>;
}

/** Alerts of one cause wait for each other in the database: more at once would only hold connections that webhooks need. */
const atOnce = 4;

export function createAlertIntake(deps: AlertIntakeDeps): AlertIntake {
  const { store, settings, services, log } = deps;
  const queue = new PQueue({ concurrency: atOnce });
  const transaction: Transaction = (work) => queue.add(() => inTransaction(store.pool, work));
  const { record, redact, now } = store;
  const context = { graph: createServiceGraph(services), settings, services, record, redact, now };
  return {
    ...createAlertsHandler({ ...deps, lookSeconds: settings.lookMinutes * 60 }),
    page: (event) => handlePage({ ...deps, context, transaction }, event),
    notification: (group, tokenId) => handleNotification({ store, services, context, transaction, log }, group, tokenId),
  };
}
