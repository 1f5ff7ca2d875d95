import type { Incident } from '../../../workflows/contracts/incident.ts';
import { NotYet, PeerRefused, PeerUnavailable } from '../errors.ts';
import { kindRow } from '../kinds.ts';
import { plain } from '../markdown.ts';
import type { OutboxRow } from '../ports.ts';
import type { SinkAdapter } from '../sink.ts';
import { lineOf } from '../words.ts';
import { appearsMs, linkedPages } from './pages.ts';
import { type ActionDeps, acknowledge, pagePeople } from './people.ts';
import { update } from './render.ts';

/** Change events are listed a while after they are accepted. */
const changeAppearsMs = 30_000;

/**
 * Runs a call whose effect PagerDuty may not show afterwards. `taken` looks for the effect of an attempt that began then: null when there
 * is none. The attempt is noted before the call, and the note taken back when PagerDuty surely did nothing.
 */
async function once<T>(
  { store }: ActionDeps,
  row: OutboxRow,
  taken: (tried: Date) => Promise<T | null>,
  call: () => Promise<T>,
): Promise<T> {
  if (row.maybeSentAt !== null) {
    const earlier = await taken(new Date(row.maybeSentAt));
    if (earlier !== null) return earlier;
  }
  await store.outbox.maybeSent([row.id], new Date());
  try {
    return await call();
  } catch (error) {
    if (error instanceof PeerRefused || (error instanceof PeerUnavailable && error.taken === 'no'))
      await store.outbox.maybeSent([row.id], null);
    throw error;
  }
}

/** REST v2 lists no status updates. What they say is in the notes, so a lost answer is not worth a second one to everybody. */
async function uncertain(): Promise<never> {
  throw new PeerRefused('whether PagerDuty took this status update is not known, and cannot be looked up: it is sent again only by hand');
}

async function statusUpdate(deps: ActionDeps, row: OutboxRow, incident: Incident, pageId: string): Promise<string> {
  const words = update(row, deps.redact, deps.links.incident(incident.id));
  return once(deps, row, uncertain, () => deps.pagerduty.statusUpdate(pageId, words));
}

/** Whether something was executed: a step that failed before its write changed nothing. */
function wasExecuted({ kind, body: { data } }: OutboxRow): boolean {
  return typeof data[kind.startsWith('step.roll') ? 'rollbackOutput' : 'output'] === 'string';
}

async function changeEvent(deps: ActionDeps, row: OutboxRow, incident: Incident): Promise<string | null> {
  const { pagerduty, links, redact } = deps;
  const { events } = pagerduty;
  if (events === null || !wasExecuted(row)) return null;
  const thread = incident.slack === null ? null : links.slackThread(incident.slack);
  const text = (value: unknown) => plain(redact(String(value ?? '')));
  const { headline, rest } = lineOf(row, redact);
  const taken = async (tried: Date) => {
    if ((await pagerduty.changeKeys(new Date(row.body.at))).includes(row.decisionId)) return row.decisionId;
    const age = Date.now() - tried.getTime();
    if (age < (deps.changeAppearsMs ?? changeAppearsMs)) throw new NotYet('whether PagerDuty took a change event is not known yet', 2_000);
    return null;
  };
  const addresses = [
    ['Slack thread', thread],
    ['Incident', links.incident(incident.id)],
    ['Plan', row.body.planId === null ? null : links.plan(row.body.planId)],
  ] as const;
  return once(deps, row, taken, async () => {
    await events.change({
      key: row.decisionId,
      summary: `${headline}${rest === '' ? '' : `: ${plain(rest, 600)}`}`,
      source: incident.service ?? 'watchkeeper',
      at: row.body.at,
      details: {
        incident: incident.id,
        plan: row.body.planId ?? '',
        step: text(row.body.data['step']),
        operation: text(row.body.data['operation']),
      },
      links: addresses.flatMap(([name, href]) => (href === null ? [] : [{ href, text: name }])),
    });
    return row.decisionId;
  });
}

/** What PagerDuty does for a decision beside the note, one thing each. */
export function createPagerDutyActions(deps: ActionDeps): SinkAdapter {
  async function act(row: OutboxRow, incident: Incident): Promise<string | null> {
    const action = kindRow(row.kind)?.action;
    if (action === undefined) return null;
    if (action === 'change_event') return changeEvent(deps, row, incident);
    const pages = await linkedPages(deps, incident.id);
    const [primary] = pages;
    if (primary === undefined) {
      if (deps.pagerduty.events === null) return null;
      throw new NotYet('the incident is not in PagerDuty yet', appearsMs);
    }
    if (action === 'status_update') return statusUpdate(deps, row, incident, primary.externalId);
    if (action === 'acknowledge') return acknowledge(deps, row, pages);
    return pagePeople(deps, row, incident, primary);
  }

  return {
    name: 'pagerduty_actions',
    async send({ rows }, incident) {
      let last: string | null = null;
      for (const row of rows) last = await act(row, incident);
      return last;
    },
  };
}
