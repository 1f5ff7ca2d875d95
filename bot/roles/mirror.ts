import { createLinks } from '../../blocks/links.ts';
import type { Core } from '../core.ts';
import { createMirrors, type LinearMirror, type PagerDutyMirror } from '../mirrors/index.ts';
import { createLinearAgent } from '../mirrors/linear/agent/client.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { createPagerDutyClient } from '../mirrors/pagerduty/client.ts';
import type { MirrorLinks } from '../mirrors/ports.ts';
import { loadPostmortem } from '../postmortem/load.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RunningRole } from './worker.ts';

export interface LinearPlace {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly teamKey: string;
}

export interface PagerDutyPlace {
  readonly apiUrl: string;
  readonly eventsUrl: string;
  readonly token: string;
  readonly fromEmail: string;
  /** Null: the mirror opens no incidents of its own. */
  readonly routingKey: string | null;
}

export interface StartMirror {
  readonly core: Core;
  /** Null: nothing is mirrored there. */
  readonly linear: LinearPlace | null;
  readonly pagerduty: PagerDutyPlace | null;
  /** PUBLIC_URL; null: there are no addresses of our own. */
  readonly publicUrl: string | null;
  /** Address of Slack, with a slash at its end: the local one's; null: the real one's. */
  readonly slackUrl: string | null;
  readonly metrics: Metrics;
}

/** Keeps Linear and PagerDuty up to date from the outbox. */
export function startMirror({ core, linear, pagerduty, publicUrl, slackUrl, metrics }: StartMirror): RunningRole {
  const { store, redactor, log } = core;
  const stopping = new AbortController();
  const mirrors = createMirrors({
    store,
    postmortem: (incidentId) => loadPostmortem(store, incidentId),
    ...(linear === null ? {} : { linear: linearMirror(core, linear) }),
    ...(pagerduty === null ? {} : { pagerduty: pagerDutyMirror(core, pagerduty) }),
    links: mirrorLinks(publicUrl, slackUrl ?? 'https://slack.com/'),
    redact: redactor,
    log,
    metrics,
  });
  const ended = mirrors.run(stopping.signal);
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

export function mirrorLinks(publicUrl: string | null, slackUrl: string): MirrorLinks {
  const slackThread: MirrorLinks['slackThread'] = ({ channel, threadTs }) => `${slackUrl}archives/${channel}/p${threadTs.replace('.', '')}`;
  return { ...createLinks(publicUrl), slackThread };
}

function linearMirror({ file }: Core, place: LinearPlace): LinearMirror {
  return { port: createLinearClient(place), agent: createLinearAgent(place), followUps: file.linear.followUps };
}

function pagerDutyMirror({ file }: Core, { routingKey, ...place }: PagerDutyPlace): PagerDutyMirror {
  return {
    port: createPagerDutyClient({ ...place, ...(routingKey === null ? {} : { routingKey }) }),
    resolving: file.pagerduty.resolve,
    people: file.people.map(({ id, email = null, pagerduty = null }) => ({ id, email, pagerduty })),
    serviceId: (service) => file.services.find(({ name }) => name === service)?.pagerduty ?? null,
  };
}
