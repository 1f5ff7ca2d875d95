import { trace } from '@opentelemetry/api';
import type { Policy } from '../policy/decide.ts';
import type { Run } from '../tools/run.ts';
import type { IncidentStore } from '../workflows/ports.ts';
import type { PolicyEvents } from './policy/live.ts';
import type { ToolRunner } from './roles/runner.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What an operator's bundle does shows in the figures of the process. */
export function policyEvents(metrics: Metrics): PolicyEvents {
  return {
    decides(bundle) {
      metrics.policyBundle.reset();
      metrics.policyBundle.set({ bundle }, 1);
    },
    refused: () => metrics.policyBundleRefused.inc(),
  };
}

/** Counts and times decisions; changes none. */
export function countedPolicy(policy: Policy, metrics: Metrics): Policy {
  return {
    // Asked each time: a live policy is replaced.
    get bundle() {
      return policy.bundle;
    },
    decide(input) {
      const { question } = input;
      const stop = metrics.policyDuration.startTimer({ question });
      const decision = policy.decide(input);
      stop();
      metrics.policyDecisions.inc({ question, verdict: decision.verdict });
      return decision;
    },
  };
}

/** A span per program: its path and how it ended, never its arguments or output. */
export function tracedRun(run: Run): Run {
  return (request) =>
    trace.getTracer('watchkeeper').startActiveSpan(`run ${request.file.slice(request.file.lastIndexOf('/') + 1)}`, async (span) => {
      try {
        const result = await run(request);
        span.setAttribute('watchkeeper.ended', result.kind);
        return result;
      } finally {
        span.end();
      }
    });
}

/** Times calls by operation and status. */
export function timedRunner(runner: ToolRunner, metrics: Metrics): ToolRunner {
  return {
    async call(call, signal) {
      const stop = metrics.toolCalls.startTimer({ operation: call.operation });
      const answer = await runner.call(call, signal);
      stop({ status: answer.status === 'ok' ? 'ok' : answer.code });
      return answer;
    },
  };
}

/** Counts incidents by how they ended; the first end counts. */
export function countedIncidents(incidents: IncidentStore, metrics: Metrics): IncidentStore {
  return {
    ...incidents,
    async close(id, outcome, summary) {
      const before = await incidents.get(id);
      const closed = await incidents.close(id, outcome, summary);
      if (before.state !== 'closed') metrics.incidents.inc({ outcome });
      return closed;
    },
  };
}
