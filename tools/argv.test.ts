import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyOperation, Command } from './operation.ts';
import { isDryRun } from './prepare.ts';
import { createRegistry } from './registry.ts';
import { sampleInputs, sampleSite } from './testing/inputs.ts';

const registry = createRegistry();
const operations = registry.list();

function inputOf(operation: AnyOperation): Record<string, unknown> {
  const input = sampleInputs[operation.name];
  if (input === undefined) throw new Error(`no sample input for ${operation.name}`);
  return input;
}

function line(command: Command): string {
  return command.kind === 'cli'
    ? [command.binary, ...command.argv].join(' ')
    : `${command.method} ${command.service}${command.path} ${JSON.stringify(command.query)}`;
}

const end = '--context=prod --request-timeout=20s';
const workload = '--namespace=shop';

/** Each operation's command line, in words of the program's own manual. */
const lines: Readonly<Record<string, string>> = {
  'kubernetes.describe': `kubectl describe pods/web-1 ${workload} ${end}`,
  'kubernetes.events': `kubectl get events ${workload} --field-selector=involvedObject.name=web-1 --output=json ${end}`,
  'kubernetes.get': `kubectl get ingresses.networking.k8s.io ${workload} --selector=app=web,tier in (a, b) --output=json ${end}`,
  'kubernetes.logs': `kubectl logs pod/web-1 ${workload} --container=web --tail=200 --since=15m --previous=true --timestamps=true --limit-bytes=1048576 ${end}`,
  'kubernetes.rollout_history': `kubectl rollout history deployment.apps/web ${workload} ${end}`,
  'kubernetes.rollout_restart': `kubectl rollout restart statefulset.apps/db ${workload} ${end}`,
  'kubernetes.rollout_state': `kubectl get deployments.apps,replicasets.apps ${workload} --output=json ${end}`,
  'kubernetes.rollout_status': `kubectl rollout status daemonset.apps/agent ${workload} --watch=false ${end}`,
  'kubernetes.rollout_template': `kubectl rollout history deployment.apps/web ${workload} --revision=2 ${end}`,
  'kubernetes.rollout_undo': `kubectl rollout undo deployment.apps/web ${workload} --to-revision=2 ${end}`,
  'kubernetes.scale': `kubectl scale deployment.apps/web ${workload} --replicas=5 --current-replicas=3 ${end}`,
  'kubernetes.set_image': `kubectl set image deployment.apps/web web=registry.example:5000/shop/web:1.2 ${workload} ${end}`,
  'kubernetes.top': `kubectl top pods ${workload} --containers=true --no-headers=true ${end}`,
  'kubernetes.workloads': `kubectl get deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,pods ${workload} --output=json ${end}`,
  'prometheus.alerts': 'GET prometheus/api/v1/alerts {}',
  'prometheus.query':
    'promtool query instant --format=json --time=2026-01-02T03:04:05.000Z -- http://prometheus.example:9090 sum(rate(http_requests_total{code=~"5.."}[5m]))',
  'prometheus.query_range':
    'promtool query range --format=json --start=2026-01-02T03:00:00.000Z --end=2026-01-02T04:00:00.000Z --step=1m -- http://prometheus.example:9090 up',
  'prometheus.rules': 'GET prometheus/api/v1/rules {}',
  'prometheus.series': 'promtool query series --format=json --match=up{job="web"} -- http://prometheus.example:9090',
};

describe('command lines', () => {
  it.each(operations.map((operation) => [operation.name, operation] as const))('%s runs the documented command', (name, operation) => {
    expect(line(operation.command(operation.input.parse(inputOf(operation)), sampleSite))).toBe(lines[name]);
  });

  it.each(['kubernetes.rollout_undo', 'kubernetes.scale', 'kubernetes.set_image'])(
    'the dry run of %s is the same command, marked as dry run',
    (name) => {
      const operation = registry.get(name);
      if (operation?.kind !== 'write' || operation.dryRun === undefined) throw new Error('no dry run');
      const input = operation.input.parse(inputOf(operation));
      const wet = operation.command(input, sampleSite);
      const dry = operation.dryRun(input, sampleSite);
      if (wet.kind !== 'cli' || dry.kind !== 'cli') throw new Error('not a command line');
      expect(dry.argv.filter((argument) => argument !== '--dry-run=server' && argument !== '--output=yaml')).toEqual(wet.argv);
      expect(isDryRun(dry)).toBe(true);
      expect(isDryRun(wet)).toBe(false);
    },
  );

  it('asks the HTTP API where promtool is not installed', () => {
    const operation = registry.get('prometheus.query');
    const command = operation?.command({ expr: 'up' }, { ...sampleSite, has: () => false });
    expect(command).toEqual({ kind: 'http', method: 'GET', service: 'prometheus', path: '/api/v1/query', query: { query: 'up' } });
  });
});

const hostile = fc.oneof(
  fc.constantFrom(
    '--kubeconfig=/tmp/x',
    '-f',
    '--token=x',
    '--server=http://x',
    '--as=root',
    '@/etc/passwd',
    '--',
    '-',
    '$(id)',
    '`id`',
    'a\nb',
    'a\0b',
    'a\u202eb',
    '../../etc',
    'x --raw=/',
  ),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^-{1,2}[a-z]+(=[a-z]+)?$/),
);

/** Flags that a command line of ours may hold. */
const flags =
  /^(--$|--(namespace|context|request-timeout|output|selector|field-selector|container|all-containers|prefix|tail|since|previous|timestamps|limit-bytes|containers|no-headers|watch|to-revision|revision|replicas|current-replicas|dry-run|all-namespaces|format|time|start|end|step|match)=)/;

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s with hostile input', (_name, operation) => {
  const input = inputOf(operation);

  it('either refuses a value or passes it as one harmless argument', () => {
    const keys = Object.keys(input);
    if (keys.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...keys), hostile, (key, value) => {
        const parsed = operation.input.safeParse({ ...input, [key]: key === 'images' ? { web: value } : value });
        if (!parsed.success) return;
        const command = operation.command(parsed.data, sampleSite);
        if (command.kind !== 'cli') return;
        for (const argument of command.argv) {
          expect(argument).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          if (argument.startsWith('-')) expect(argument).toMatch(flags);
        }
        expect(command.argv.length).toBeLessThan(20);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses fields that it does not know', () => {
    expect(operation.input.safeParse({ ...input, kubeconfig: '/tmp/x' }).success).toBe(false);
  });
});

describe('secrets', () => {
  it.each(['kubernetes.get', 'kubernetes.describe'])('%s cannot name them', (name) => {
    for (const kind of ['secret', 'secrets', 'Secret', 'pods,secrets', 'secrets.v1.']) {
      expect(registry.get(name)?.input.safeParse({ kind, namespace: 'shop', name: 'x' }).success).toBe(false);
    }
  });
});
