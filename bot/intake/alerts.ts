import type { Logger } from 'pino';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Chat } from '../../workflows/ports.ts';
import type { PageEvidence } from '../pagerduty/evidence.ts';
import type { AlertBoard } from '../slack/alert-board.ts';
import type { AlertStatus } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';
import type { Workflows } from './workflows.ts';

export interface AlertsDeps {
  readonly store: Pick<Store, 'incidents' | 'alerts'>;
  readonly workflows: Workflows;
  readonly chat: Pick<Chat, 'openThread' | 'say'>;
  readonly board: AlertBoard;
  /** Null: PagerDuty cannot be read. */
  readonly evidence: PageEvidence | null;
  /** Seconds between two looks at an incident that alerts go on joining. */
  readonly lookSeconds: number;
  readonly log: Logger;
}

/** What Slack refuses for good (an archived channel) must not keep the incident from being worked on. */
function unlessRefused(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'slack_refused')) throw error;
}

const listed = 10;
/** Between two updates of a thread's list; what comes in meanwhile is shown together. */
const pauseSeconds = 2;

/** The thread is opened by whoever takes the incident up first. */
class ThreadPending extends Error {
  readonly code = 'thread_pending';
  constructor(incidentId: string) {
    super(`the thread of incident ${incidentId} is not open yet`);
    this.name = 'ThreadPending';
  }
}

async function showAlerts({ store, board }: AlertsDeps, incident: Incident): Promise<void> {
  const [counts, alerts] = await Promise.all([store.alerts.count(incident.id), store.alerts.foremost(incident.id, listed)]);
  if (alerts.length === 0) return;
  const of = (status: AlertStatus) => counts.filter((one) => one.status === status).reduce((sum, { count }) => sum + count, 0);
  const first = alerts.map(({ title, status, urgency, service, url, startsAt }) => ({ title, status, urgency, service, url, startsAt }));
  await board.show(incident, { firing: of('firing'), acknowledged: of('acknowledged'), resolved: of('resolved'), first });
}

/** Brings the thread up to date: the list of alerts, and one message with what happened since the last one; has what is new looked into. Throws while it may still be opened. */
async function showBoard(deps: AlertsDeps, incidentId: string): Promise<void> {
  const { store, board, workflows, lookSeconds } = deps;
  const wanted = await store.alerts.board(incidentId);
  if (wanted === null) return;
  const incident = await store.incidents.get(incidentId);
  if (incident.slack === null && incident.state === 'queued') throw new ThreadPending(incidentId);
  const lines = await store.alerts.linesAfter(incidentId, wanted.told);
  await showAlerts(deps, incident).catch(unlessRefused);
  const [first] = lines;
  if (first !== undefined)
    await board
      .tell(
        incident,
        String(first.position),
        lines.map(({ line }) => line),
      )
      .catch(unlessRefused);
  const look = await store.alerts.dueLook(incidentId, lookSeconds);
  if (look !== null) await workflows.look(incident.key, incidentId, look.number, look.waitMs);
  await store.alerts.settleBoard(incidentId, wanted.wanted, lines.at(-1)?.position ?? wanted.told, pauseSeconds);
}

async function tellContext({ store, chat, evidence, log }: AlertsDeps, incidentId: string): Promise<void> {
  const line =
    (await evidence?.attach(incidentId).catch((error: unknown) => log.warn({ err: error }, 'no evidence from PagerDuty'))) ?? null;
  if (line !== null) await chat.say(await store.incidents.get(incidentId), 'pagerduty-context', line).catch(unlessRefused);
}

/** Opens the thread, starts the investigation, and shows the alerts. An incident that was taken up already is left alone. */
async function handleOpened(deps: AlertsDeps, incidentId: string, again: boolean): Promise<void> {
  const { workflows, chat } = deps;
  const incident = await deps.store.incidents.get(incidentId);
  if (incident.state !== 'queued') return showBoard(deps, incidentId);
  await chat.openThread(incident).catch(unlessRefused);
  if (again) await workflows.startAnew(incident.key, incident.id);
  else await workflows.startOrWake(incident.key, incident.id);
  await Promise.all([showBoard(deps, incidentId), tellContext(deps, incidentId)]);
}

/** What follows the admission of an alert. */
export interface AlertsHandler {
  opened(incidentId: string, again: boolean): Promise<void>;
  board(incidentId: string): Promise<void>;
  /** Says that the investigation waits for the engine. */
  queued(incidentId: string): Promise<void>;
}

export function createAlertsHandler(deps: AlertsDeps): AlertsHandler {
  return {
    opened: (incidentId, again) => handleOpened(deps, incidentId, again),
    board: (incidentId) => showBoard(deps, incidentId),
    async queued(incidentId) {
      const incident = await deps.store.incidents.get(incidentId);
      if (incident.state === 'queued')
        await deps.chat.say(incident, 'queued', 'I have it. The investigation starts as soon as the workflow engine answers.');
    },
  };
}
