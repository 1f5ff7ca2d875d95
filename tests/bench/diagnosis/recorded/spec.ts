import type { ContainerSpec, PodSpec, ProbeSpec, Reference, Toleration } from '../../../../workflows/diagnosis/model/pod-spec.ts';
import { child, type Described, described, pairs, said } from './describe.ts';

const number = (text: string, pattern: RegExp, usual: number) => Number(pattern.exec(text)?.[1] ?? usual);
const kinds: Readonly<Record<string, ProbeSpec['kind']>> = { 'http-get': 'http', 'tcp-socket': 'tcp', grpc: 'grpc', exec: 'exec' };

/** `http-get http://:8080/ delay=5s timeout=1s period=10s #success=1 #failure=3`. */
function probe(text: string): ProbeSpec | null {
  const [, how = '', where = ''] = /^(\S+) +(.*?) +delay=/.exec(text) ?? [];
  const kind = kinds[how];
  if (kind === undefined) return null;
  const port = kind === 'exec' ? null : (/:([\w-]+)(?:\/.*)?$/.exec(where.replace(/^\w+:\/\//, ''))?.[1] ?? null);
  return {
    kind,
    port: port !== null && /^\d+$/.test(port) ? Number(port) : port,
    initialDelay: number(text, /delay=(\d+)/, 0),
    period: number(text, /period=(\d+)/, 10),
    timeout: number(text, /timeout=(\d+)/, 1),
    failureThreshold: number(text, /#failure=(\d+)/, 3),
  };
}

const amounts = (part: Described | undefined) => Object.fromEntries((part?.children ?? []).map(({ key, value }) => [key, value]));

function references(part: readonly Described[]): Reference[] {
  const keys = (child(part, 'Environment')?.children ?? []).flatMap(({ value }): Reference[] => {
    const [, key = '', kind = '', name = ''] = /^<set to the key '([^']+)' (?:in|of) (secret|config map) '([^']+)'>/.exec(value) ?? [];
    return name === '' ? [] : [{ kind: kind === 'secret' ? 'secret' : 'configmap', name, key, optional: /Optional: *true/.test(value) }];
  });
  const whole = (child(part, 'Environment Variables from')?.lines ?? []).flatMap((line): Reference[] => {
    const [, name = '', kind = ''] = /^(\S+)\s+(Secret|ConfigMap)\b/.exec(line) ?? [];
    return name === ''
      ? []
      : [{ kind: kind === 'Secret' ? 'secret' : 'configmap', name, key: null, optional: /Optional: *true/.test(line) }];
  });
  return [...keys, ...whole];
}

function containerOf({ key: name, children }: Described): ContainerSpec {
  const ports = (said(children, 'Port') || said(children, 'Ports')).split(',').flatMap((each) => {
    const [port, protocol = 'TCP'] = each.trim().split(/[/ ]/);
    return Number(port) > 0 ? [{ name: null, port: Number(port), protocol }] : [];
  });
  const checks = (['Liveness', 'Readiness', 'Startup'] as const).flatMap((kind) => {
    const found = probe(said(children, kind));
    return found === null ? [] : [[kind.toLowerCase(), found] as const];
  });
  const plain = (child(children, 'Environment')?.children ?? []).filter(({ value }) => !value.startsWith('<'));
  return {
    name,
    image: said(children, 'Image'),
    ports,
    probes: Object.fromEntries(checks),
    requests: amounts(child(children, 'Requests')),
    limits: amounts(child(children, 'Limits')),
    env: Object.fromEntries(plain.map(({ key, value }) => [key, value])),
    references: references(children),
  };
}

/** `dedicated=gpu:NoSchedule op=Exists for 300s`. */
function toleration(text: string): Toleration[] {
  const [whole = '', key, value, effect, operator] = /^([^=:\s]+)?(?:=([^:\s]*))?(?::(\w+))?(?: op=(\w+))?/.exec(text.trim()) ?? [];
  if (whole === '' || text.startsWith('<')) return [];
  return [{ key: key ?? null, operator: operator ?? 'Equal', value: value ?? null, effect: effect ?? null }];
}

/** What a pod asks for, as far as its description tells: it leaves out affinities, its DNS and pull secrets. */
export function specOf(text: string): PodSpec | null {
  const parts = described(text);
  const containers = child(parts, 'Containers')?.children ?? [];
  if (containers.length === 0) return null;
  const volumes = child(parts, 'Volumes')?.children ?? [];
  const tolerations = child(parts, 'Tolerations');
  return {
    labels: pairs(parts, 'Labels'),
    annotations: {},
    serviceAccount: said(parts, 'Service Account') || null,
    nodeSelector: pairs(parts, 'Node-Selectors'),
    nodeTerms: [],
    avoids: [],
    tolerations: [tolerations?.value ?? '', ...(tolerations?.lines ?? [])].flatMap(toleration),
    dnsPolicy: 'ClusterFirst',
    nameservers: [],
    pullSecrets: [],
    claims: volumes.flatMap(({ children }) => said(children, 'ClaimName') || []),
    gates: [],
    containers: containers.map(containerOf),
  };
}
