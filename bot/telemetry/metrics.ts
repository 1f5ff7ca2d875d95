import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Figures that `/metrics` shows. Label values are fixed words and names of operations: never ids or text from outside. */
export interface Metrics {
  readonly registry: Registry;
  /** Events taken in; labels `kind`, `result` (`new`, `seen`; `ignored`: acknowledged, and nothing to do). */
  readonly inboxEvents: Counter<'kind' | 'result'>;
  /** Seconds that a tool call took; labels `operation`, `status` (`ok` or the error code). */
  readonly toolCalls: Histogram<'operation' | 'status'>;
  /** Labels `question`, `verdict`. */
  readonly policyDecisions: Counter<'question' | 'verdict'>;
  /** Seconds that a decision took; label `question`. */
  readonly policyDuration: Histogram<'question'>;
  /** 1 for the bundle that decides; label `bundle`, its hash: one at a time. */
  readonly policyBundle: Gauge<'bundle'>;
  /** Looks that found nothing at the operator's source which may decide. */
  readonly policyBundleRefused: Counter;
  /** Seconds from a decision to its arrival at the peer; label `sink`. */
  readonly outboxLag: Histogram<'sink'>;
  /** Attempts to send; labels `sink`, `result` (`sent`, `failed`, `refused`). */
  readonly outboxSends: Counter<'sink' | 'result'>;
  /** Rows that a peer will never take; label `sink`. */
  readonly outboxDeadLetters: Counter<'sink'>;
  /** Rows that wait; label `sink`. */
  readonly outboxPending: Gauge<'sink'>;
  /** Seconds since the oldest row that waits was recorded; label `sink`. */
  readonly outboxAge: Gauge<'sink'>;
  /** Rows that a peer refused and nobody has sent again; label `sink`. */
  readonly outboxRefused: Gauge<'sink'>;
  /** Audit entries that have a place in the signed log. */
  readonly auditSize: Gauge;
  /** Audit entries that have none yet. */
  readonly auditWaiting: Gauge;
  /** Signed checkpoints that are not outside the database yet; label `to` (`file`, `http`). */
  readonly auditCheckpointsWaiting: Gauge<'to'>;
  /** Attempts to post checkpoints; label `result` (`taken`, `failed`). */
  readonly auditPosts: Counter<'result'>;
  /** Times that the log did not bear out what a receiver of checkpoints is said to have. */
  readonly auditDeliveriesDoubted: Counter;
  /** Seconds that a call of a language model took; labels `provider`, `task`, `outcome`. */
  readonly llmCalls: Histogram<'provider' | 'task' | 'outcome'>;
  /** Labels `provider`, `kind` (`input`, `output`). */
  readonly llmTokens: Counter<'provider' | 'kind'>;
  /** US dollars by the price table; label `provider`. */
  readonly llmMoney: Counter<'provider'>;
  /** Claims of a model that were dropped; label `reason`. */
  readonly llmDropped: Counter<'reason'>;
  /** Closed incidents; label `outcome`. */
  readonly incidents: Counter<'outcome'>;
}

const seconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** From the built-in policy, in the process, to an operator's that reaches its limit. */
const decisionSeconds = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.5];

/** A registry of its own per call, with the process's default metrics and a `role` label on everything. */
export function createMetrics(role: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    inboxEvents: new Counter({
      name: 'watchkeeper_inbox_events_total',
      help: 'Events taken in.',
      labelNames: ['kind', 'result'],
      registers,
    }),
    toolCalls: new Histogram({
      name: 'watchkeeper_tool_call_duration_seconds',
      help: 'Tool calls by operation and status.',
      labelNames: ['operation', 'status'],
      buckets: seconds,
      registers,
    }),
    policyDecisions: new Counter({
      name: 'watchkeeper_policy_decisions_total',
      help: 'Policy decisions by question and verdict.',
      labelNames: ['question', 'verdict'],
      registers,
    }),
    policyDuration: new Histogram({
      name: 'watchkeeper_policy_decision_duration_seconds',
      help: 'Time that policy took to decide.',
      labelNames: ['question'],
      buckets: decisionSeconds,
      registers,
    }),
    policyBundle: new Gauge({
      name: 'watchkeeper_policy_bundle_info',
      help: 'The policy bundle that decides.',
      labelNames: ['bundle'],
      registers,
    }),
    policyBundleRefused: new Counter({
      name: 'watchkeeper_policy_bundle_refused_total',
      help: "Looks at the operator's policy bundle that found none which may decide.",
      registers,
    }),
    outboxLag: new Histogram({
      name: 'watchkeeper_outbox_lag_seconds',
      help: 'Time from a decision to its arrival at the peer.',
      labelNames: ['sink'],
      buckets: seconds,
      registers,
    }),
    outboxSends: new Counter({
      name: 'watchkeeper_outbox_sends_total',
      help: 'Attempts to send an outbox row.',
      labelNames: ['sink', 'result'],
      registers,
    }),
    outboxDeadLetters: new Counter({
      name: 'watchkeeper_outbox_dead_letters_total',
      help: 'Outbox rows that a peer refused for good.',
      labelNames: ['sink'],
      registers,
    }),
    outboxPending: new Gauge({ name: 'watchkeeper_outbox_pending', help: 'Outbox rows that wait.', labelNames: ['sink'], registers }),
    outboxAge: new Gauge({
      name: 'watchkeeper_outbox_oldest_seconds',
      help: 'Age of the oldest outbox row that waits.',
      labelNames: ['sink'],
      registers,
    }),
    outboxRefused: new Gauge({
      name: 'watchkeeper_outbox_refused',
      help: 'Outbox rows that a peer refused and nobody has sent again.',
      labelNames: ['sink'],
      registers,
    }),
    auditSize: new Gauge({ name: 'watchkeeper_audit_size', help: 'Audit entries in the signed log.', registers }),
    auditWaiting: new Gauge({ name: 'watchkeeper_audit_waiting', help: 'Audit entries that are not in the signed log yet.', registers }),
    auditCheckpointsWaiting: new Gauge({
      name: 'watchkeeper_audit_checkpoints_waiting',
      help: 'Signed checkpoints that are not outside the database yet.',
      labelNames: ['to'],
      registers,
    }),
    auditPosts: new Counter({
      name: 'watchkeeper_audit_checkpoint_posts_total',
      help: 'Attempts to post checkpoints to their receiver.',
      labelNames: ['result'],
      registers,
    }),
    auditDeliveriesDoubted: new Counter({
      name: 'watchkeeper_audit_deliveries_doubted_total',
      help: 'Times that the log had no such checkpoint as a receiver is said to have.',
      registers,
    }),
    llmCalls: new Histogram({
      name: 'watchkeeper_llm_call_duration_seconds',
      help: 'Calls of language models.',
      labelNames: ['provider', 'task', 'outcome'],
      buckets: seconds,
      registers,
    }),
    llmTokens: new Counter({
      name: 'watchkeeper_llm_tokens_total',
      help: 'Tokens of language models.',
      labelNames: ['provider', 'kind'],
      registers,
    }),
    llmMoney: new Counter({
      name: 'watchkeeper_llm_usd_total',
      help: 'What language models cost, by the price table of the configuration.',
      labelNames: ['provider'],
      registers,
    }),
    llmDropped: new Counter({
      name: 'watchkeeper_llm_claims_dropped_total',
      help: 'Claims of language models that were dropped.',
      labelNames: ['reason'],
      registers,
    }),
    incidents: new Counter({
      name: 'watchkeeper_incidents_total',
      help: 'Closed incidents by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
