import type { ProbeKind, ProbeSpec } from '../../../../workflows/diagnosis/model/pod-spec.ts';
import type { Snapshot } from '../../../../workflows/diagnosis/snapshot.ts';
import { ended, type Fault, type Place, said, withContainer, withPods, withSpec } from './place.ts';

const usual = { initialDelay: 5, period: 10, timeout: 1, failureThreshold: 3 };

/** The probe that the container has, or one of its port. */
function right({ container }: Place): ProbeSpec | null {
  const port = container.ports[0]?.port;
  return container.probes.readiness ?? (port === undefined ? null : { ...usual, kind: 'tcp', port });
}

const address = (probe: ProbeSpec) => `172.20.2.9:${probe.port}`;
const unreached = (probe: ProbeSpec) =>
  probe.kind === 'grpc'
    ? `timeout: failed to connect service "${address(probe)}" within 1s: context deadline exceeded`
    : `dial tcp ${address(probe)}: connect: connection refused`;

function failing(at: Place, kind: ProbeKind, probe: ProbeSpec, message: string | null): Snapshot {
  const started = new Date(at.estate.at.getTime() - (kind === 'liveness' ? 9_000 : 90_000)).toISOString();
  const state = { kind: 'running' as const, startedAt: started };
  const container = kind === 'liveness' ? { ...ended('Error', 137), state } : { restartCount: 0, lastState: null, state };
  const probes = { ...at.container.probes, [kind]: probe };
  const planted = withPods(at, withSpec(at, withContainer(at, { probes })), {}, container);
  if (message === null) return planted;
  const name = kind === 'liveness' ? 'Liveness' : 'Readiness';
  const told = said(at, planted, 'Unhealthy', `${name} probe failed: ${message}`);
  return kind === 'liveness'
    ? said(at, told, 'Killing', `Container ${at.container.name} failed liveness probe, will be restarted`, { warning: false })
    : told;
}

const port = (probe: ProbeSpec): ProbeSpec => ({ ...probe, port: typeof probe.port === 'number' ? probe.port + 1 : 1 });
const foreign = (probe: ProbeSpec): ProbeSpec => ({ ...usual, kind: probe.kind === 'http' ? 'grpc' : 'http', port: probe.port });

/** In the words of the kubelet for servers of several languages. */
const answers = {
  http: [
    'net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"',
    'EOF',
    'read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer',
  ],
  grpc: [
    'context deadline exceeded',
    'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health',
  ],
};

const fault = (
  kind: 'liveness' | 'readiness',
  mistake: string,
  way: string,
  plant: (at: Place, probe: ProbeSpec) => Snapshot | null,
): Fault => ({
  cause: `${kind}_probe_incorrect_${mistake}`,
  way,
  of: 'app',
  plant: (at) => {
    const probe = right(at);
    return probe === null ? null : plant(at, probe);
  },
});

const both = (['liveness', 'readiness'] as const).flatMap((kind) => [
  fault(kind, 'port', 'the one after', (at, probe) => failing(at, kind, port(probe), unreached(port(probe)))),
  ...[0, 1, 2].map((which) =>
    fault(kind, 'protocol', `answer ${which + 1}`, (at, probe) => {
      const wrong = foreign(probe);
      const words = answers[wrong.kind === 'grpc' ? 'grpc' : 'http'][which];
      return words === undefined
        ? null
        : failing(at, kind, wrong, wrong.kind === 'http' ? `Get "http://${address(wrong)}/": ${words}` : words);
    }),
  ),
]);

/** Checks that are set up wrongly. */
export const probeFaults: readonly Fault[] = [
  ...both,
  fault('liveness', 'timing', 'at once', (at, probe) =>
    failing(at, 'liveness', { ...probe, initialDelay: 1, period: 1, timeout: 1, failureThreshold: 1 }, unreached(probe)),
  ),
  fault('liveness', 'timing', 'once only', (at, probe) =>
    failing(at, 'liveness', { ...probe, initialDelay: 0, period: 5, timeout: 1, failureThreshold: 1 }, 'command timed out'),
  ),
  fault('readiness', 'timing', 'late', (at, probe) => failing(at, 'readiness', { ...probe, initialDelay: 600 }, null)),
  fault('readiness', 'timing', 'rare', (at, probe) => failing(at, 'readiness', { ...probe, initialDelay: 0, period: 900 }, null)),
  fault('readiness', 'timing', 'hasty', (at, probe) =>
    failing(at, 'readiness', { ...probe, initialDelay: 0, period: 1, timeout: 1, failureThreshold: 1 }, 'context deadline exceeded'),
  ),
];
