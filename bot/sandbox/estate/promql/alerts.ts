import type { EstateState } from '../model/state.ts';
import { evaluate, longestRangeMs, type Sample } from './evaluate.ts';
import { parseExpression } from './parse.ts';

interface Rule {
  readonly name: string;
  readonly expression: string;
  readonly forSeconds: number;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

const share = 'sum(rate(http_requests_total{code=~"5..",service="checkout"}[1m])) / sum(rate(http_requests_total{service="checkout"}[1m]))';

const rules: readonly Rule[] = [
  {
    name: 'CheckoutHighErrorRate',
    expression: `${share} > 0.05`,
    forSeconds: 30,
    labels: { severity: 'critical', service: 'checkout', namespace: 'shop' },
    annotations: { summary: 'More than 5% of checkout requests fail', runbook: 'Simulated estate: see the sandbox scenarios.' },
  },
  {
    name: 'DeploymentReplicasMissing',
    expression: 'kube_deployment_status_replicas_available < kube_deployment_spec_replicas',
    forSeconds: 60,
    labels: { severity: 'warning' },
    annotations: { summary: 'A Deployment has fewer available replicas than it asks for (simulated estate)' },
  },
];

const iso = (at: number) => new Date(at).toISOString();

function samplesAt(state: EstateState, rule: Rule, at: number): Sample[] {
  const value = evaluate(state, parseExpression(rule.expression), at);
  return value.kind === 'vector' ? value.samples : [];
}

/** Since when the rule has held without a break: found by walking back through the series' segments. */
function activeSince(state: EstateState, rule: Rule, now: number): number {
  let since = now;
  for (const segment of state.segments.toReversed()) {
    const at = Math.min(now, segment.from + longestRangeMs);
    if (samplesAt(state, rule, at).length === 0) return since;
    since = Math.min(since, at);
  }
  return since;
}

export function alertsOf(state: EstateState, rule: Rule, now: number): Record<string, unknown>[] {
  const samples = samplesAt(state, rule, now);
  if (samples.length === 0) return [];
  const activeAt = activeSince(state, rule, now);
  return samples.map(({ labels: { __name__: _, ...labels }, value }) => ({
    labels: { ...labels, alertname: rule.name, ...rule.labels },
    annotations: rule.annotations,
    state: now - activeAt >= rule.forSeconds * 1000 ? 'firing' : 'pending',
    activeAt: iso(activeAt),
    value: value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2'),
  }));
}

/** `data` of /api/v1/alerts. */
export function alertData(state: EstateState, now: number): Record<string, unknown> {
  return { alerts: rules.flatMap((rule) => alertsOf(state, rule, now)) };
}

/** `data` of /api/v1/rules. */
export function ruleData(state: EstateState, now: number): Record<string, unknown> {
  const listed = rules.map((rule) => {
    const alerts = alertsOf(state, rule, now);
    const firing = alerts.some((alert) => alert['state'] === 'firing');
    return {
      state: firing ? 'firing' : alerts.length > 0 ? 'pending' : 'inactive',
      name: rule.name,
      query: rule.expression,
      duration: rule.forSeconds,
      keepFiringFor: 0,
      labels: rule.labels,
      annotations: rule.annotations,
      alerts,
      health: 'ok',
      evaluationTime: 0.0004,
      lastEvaluation: iso(now),
      type: 'alerting',
    };
  });
  return {
    groups: [
      {
        name: 'shop',
        file: '/simulated/rules/shop.yaml',
        rules: listed,
        interval: 1,
        limit: 0,
        evaluationTime: 0.001,
        lastEvaluation: iso(now),
      },
    ],
  };
}
