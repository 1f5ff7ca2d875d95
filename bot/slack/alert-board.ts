import { alertBoard, type ShownAlerts } from '../../blocks/alert-board.ts';
import { pageLines } from '../../blocks/page-lines.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Poster } from './poster.ts';
import { redactData } from './redact-leaves.ts';

/** An incident's alerts in its thread. Nothing is said where it has none. Throws what the poster throws. */
export interface AlertBoard {
  /** One message, brought up to date in place. */
  show(incident: Incident, alerts: ShownAlerts): Promise<void>;
  /** A message of its own per key. */
  tell(incident: Incident, key: string, lines: readonly string[]): Promise<void>;
}

export function createAlertBoard(poster: Poster, redact: (text: string) => string): AlertBoard {
  const clean = <T>(data: T): T => redactData(data, redact);
  return {
    async show({ id, slack }, alerts) {
      if (slack !== null) await poster.upsert(`incident:${id}:alerts`, slack, { view: alertBoard(clean(alerts)) });
    },
    async tell({ id, slack }, key, lines) {
      if (slack !== null) await poster.upsert(`incident:${id}:alerts:${key}`, slack, { view: pageLines(clean(lines)) });
    },
  };
}

/** For installations without Slack. */
export const noAlertBoard: AlertBoard = { show: async () => {}, tell: async () => {} };
