import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createConsumer } from './consumer.ts';
import { createLinearSink } from './linear/sink.ts';
import { createPagerDutySink } from './pagerduty/sink.ts';
import type { LinearPort, MirrorLinks, MirrorStore, PagerDutyPort } from './ports.ts';

export interface MirrorsDeps {
  readonly store: MirrorStore;
  /** Left out: nothing is mirrored there. */
  readonly linear?: LinearPort;
  readonly pagerduty?: PagerDutyPort;
  readonly links: MirrorLinks;
  readonly redact: Redactor;
  readonly log: Logger;
  readonly metrics?: Metrics;
}

export interface Mirrors {
  /** Keeps the peers up to date until `signal` aborts; resolves when what was in flight is settled. Any number may run at once. */
  run(signal: AbortSignal): Promise<void>;
}

/** Consumers of the outbox: from the decisions of the system of record to Linear and PagerDuty. */
export function createMirrors(deps: MirrorsDeps): Mirrors {
  const { store, links, log, linear, pagerduty, metrics } = deps;
  const redact = (text: string) => deps.redact.text(text).text;
  const sinks = [
    ...(linear === undefined ? [] : [createLinearSink({ linear, store, links, redact })]),
    ...(pagerduty === undefined ? [] : [createPagerDutySink({ pagerduty, store, links, redact })]),
  ];
  const consumers = sinks.map((sink) => createConsumer({ store, sink, redact, log, metrics }));
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
