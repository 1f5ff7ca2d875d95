import type { DatabasePool } from 'slonik';
import type { Redactor } from '../../tools/ports.ts';
import * as boards from './alert-boards.ts';
import * as events from './alert-events.ts';
import * as alerts from './alerts.ts';
import { dueLook } from './looks.ts';
import { inTransaction } from './pool.ts';
import { relationsOf } from './relations.ts';

/** Reads of alerts, and the board that shows them. What admits an alert is in bot/alerts, in one transaction. */
export function createAlertStore(pool: DatabasePool, redact: Redactor) {
  return {
    find: (source: alerts.AlertSource, externalId: string) => alerts.findAlert(pool, source, externalId),
    statuses: (source: alerts.AlertSource, externalIds: readonly string[]) => alerts.statusesOf(pool, source, externalIds),
    /** In the order in which they came, those after the position. */
    list: (incidentId: string, after: number, limit: number) => alerts.listAlerts(pool, incidentId, after, limit),
    foremost: (incidentId: string, limit: number) => alerts.foremostAlerts(pool, incidentId, limit),
    count: (incidentId: string) => alerts.countAlerts(pool, incidentId),
    linesAfter: (incidentId: string, after: number) => events.linesAfter(pool, incidentId, after),
    /** A line of its own for the thread, once per source and id. */
    tell: (event: events.AlertEvent) =>
      inTransaction(pool, async (tx) => {
        if (await events.isHandled(tx, event.source, event.eventId)) return;
        await boards.askBoard(tx, event.incidentId, redact, { added: null, outstanding: false });
        await events.insertAlertEvent(tx, event);
      }),
    dueLook: (incidentId: string, pauseSeconds: number) => dueLook(pool, incidentId, pauseSeconds),
    related: (incidentId: string) => relationsOf(pool, incidentId),
    board: (incidentId: string) => boards.getBoard(pool, incidentId),
    settleBoard: (incidentId: string, shown: number, told: number, pauseSeconds: number) =>
      inTransaction(pool, (tx) => boards.settleBoard(tx, incidentId, shown, told, redact, pauseSeconds)),
  };
}
