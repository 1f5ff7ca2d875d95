import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createConsumer } from './consumer.ts';
import type { LinearAgentPort } from './linear/agent/ports.ts';
import { createLinearAgentSink, type LinearAgentSinkDeps } from './linear/agent/sink.ts';
import type { LinearPort } from './linear/ports.ts';
import { createLinearSink, type LinearSinkDeps } from './linear/sink.ts';
import { createPace, type RetryTimes, retryTimes } from './pace.ts';
import { createPagerDutyActions } from './pagerduty/actions.ts';
import type { PagerDutyPerson } from './pagerduty/people.ts';
import type { PagerDutyPort } from './pagerduty/ports.ts';
import type { Resolving } from './pagerduty/resolve.ts';
import { createPagerDutySink } from './pagerduty/sink.ts';
import type { MirrorLinks, MirrorStore, PostmortemOf } from './ports.ts';
import type { SinkAdapter } from './sink.ts';

export interface LinearMirror {
  readonly port: LinearPort;
  readonly agent: LinearAgentPort;
  /** Makes an issue of each follow-up of an incident. */
  readonly followUps: boolean;
}

/** PagerDuty, and what configuration says of it. */
export interface PagerDutyMirror {
  readonly port: PagerDutyPort;
  readonly resolving: Resolving;
  readonly people: readonly PagerDutyPerson[];
  /** PagerDuty's id of a service; null where none is configured. */
  readonly serviceId: (service: string | null) => string | null;
  /** Milliseconds after which a change event that is not listed was not taken; 30,000 unless given. */
  readonly changeAppearsMs?: number;
}

export interface MirrorsDeps {
  readonly store: MirrorStore;
  /** Left out: nothing is mirrored there. */
  readonly linear?: LinearMirror;
  readonly pagerduty?: PagerDutyMirror;
  readonly postmortem: PostmortemOf;
  readonly links: MirrorLinks;
  readonly redact: Redactor;
  readonly log: Logger;
  readonly metrics?: Metrics;
  /** 500 ms to a minute unless given. */
  readonly retry?: RetryTimes;
}

export interface Mirrors {
  /** Keeps the peers up to date until `signal` aborts; resolves when what was in flight is settled. Any number may run at once. */
  run(signal: AbortSignal): Promise<void>;
}

/** Consumers of the outbox: from the decisions of the system of record to Linear and PagerDuty. */
export function createMirrors(deps: MirrorsDeps): Mirrors {
  const { store, postmortem, links, log, linear, pagerduty, metrics, retry = retryTimes } = deps;
  const redact = (text: string) => deps.redact.text(text).text;
  const consumersOf = (sinks: readonly SinkAdapter[]) => {
    const pace = createPace(Date.now, retry);
    return sinks.map((sink) => createConsumer({ store, sink, pace, retry, redact, log, metrics }));
  };
  const common = { store, links, redact };
  const consumers = [
    ...(linear === undefined ? [] : consumersOf(linearSinks({ ...common, ...linear, postmortem, linear: linear.port }))),
    ...(pagerduty === undefined ? [] : consumersOf(pagerDutySinks({ ...common, ...pagerduty, pagerduty: pagerduty.port }))),
  ];
  return {
    async run(signal) {
      const subscription = store.onNotify?.((queue) => {
        if (queue === 'outbox') for (const consumer of consumers) consumer.wake();
      });
      try {
        await Promise.all(consumers.map((consumer) => consumer.run(signal)));
      } finally {
        await subscription?.close();
      }
    },
  };
}

function linearSinks(deps: LinearSinkDeps & LinearAgentSinkDeps): readonly SinkAdapter[] {
  return [createLinearSink(deps), createLinearAgentSink(deps)];
}

function pagerDutySinks(
  deps: Parameters<typeof createPagerDutySink>[0] & Parameters<typeof createPagerDutyActions>[0],
): readonly SinkAdapter[] {
  return [createPagerDutySink(deps), createPagerDutyActions(deps)];
}
