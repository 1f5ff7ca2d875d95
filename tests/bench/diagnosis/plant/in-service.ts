import type { SeenService } from '../../../../workflows/diagnosis/model/network.ts';
import type { Snapshot } from '../../../../workflows/diagnosis/snapshot.ts';
import { ended, type Fault, type Place, withContainer, withoutPods, withPods, withSpec } from './place.ts';

const app = (cause: string, way: string, plant: Fault['plant']): Fault => ({ cause, way, of: 'app', plant });

/** The service of the workload is changed, and cannot be reached. */
const served =
  (change: (service: SeenService) => Partial<SeenService>) =>
  ({ estate, workload }: Place): Snapshot | null => {
    const found = estate.services.find(({ name, selector }) => name === workload.name && Object.keys(selector).length > 0);
    if (found === undefined) return null;
    return {
      ...estate,
      services: estate.services.map((one) => (one === found ? { ...one, ...change(one) } : one)),
      endpoints: estate.endpoints.map((one) => (one.service === found.name ? { ...one, ready: 0 } : one)),
      reach: estate.reach.map((one) => (one.service === found.name ? { ...one, ok: false } : one)),
    };
  };

/** A setting that names a service, changed. */
const addressed =
  (change: (host: string, port: number) => string) =>
  (at: Place): Snapshot | null => {
    const found = Object.entries(at.container.env).find(([, value]) => {
      const host = /^([a-z-]+):\d+$/.exec(value)?.[1];
      return at.estate.services.some(({ name }) => name === host);
    });
    if (found === undefined) return null;
    const [name, value] = found;
    const [host = '', port] = value.split(':');
    return withSpec(at, withContainer(at, { env: { ...at.container.env, [name]: change(host, Number(port)) } }), at.workload.ready);
  };

/** Its requests fail. */
const failing = ({ pod: { site, observation, pod }, workload }: Place, snapshot: Snapshot): Snapshot => {
  const entity = { kind: 'service' as const, namespace: pod.namespace, name: workload.name };
  const errors = { site, observation, entity, metric: 'errors' as const, normal: 0, current: 9, words: 'errors 0 → 9' };
  return { ...snapshot, signals: [...snapshot.signals, errors] };
};

const logged = (at: Place, snapshot: Snapshot, sample: string): Snapshot => {
  const { site, observation, pod } = at.pod;
  const own = { site, observation, namespace: pod.namespace, source: at.workload.name, sample, count: 3 };
  return { ...snapshot, templates: [...snapshot.templates.filter(({ source }) => source !== at.workload.name), own] };
};
const crashing = (at: Place, spec: Parameters<typeof withSpec>[1] = {}) => withPods(at, withSpec(at, spec), {}, ended('Error', 1));
/** Only where the estate has the database. */
const asking = (sample: string) => (at: Place) =>
  at.estate.workloads.some(({ name }) => name.includes('mysql')) ? logged(at, crashing(at), sample) : null;

/** Faults of services that run. */
export const inService: readonly Fault[] = [
  app('oom_killed', 'again and again', (at) => withPods(at, withSpec(at, {}), {}, ended('OOMKilled', 137))),
  app(
    'service_selector_mismatch',
    'another label',
    served(({ name }) => ({ selector: { app: `${name}-v2` } })),
  ),
  app(
    'service_selector_mismatch',
    'one label more',
    served(({ selector }) => ({ selector: { ...selector, version: 'v2' } })),
  ),
  app(
    'service_port_mapping_mismatch',
    'the one after',
    served(({ ports }) => ({ ports: ports.map((port) => ({ ...port, targetPort: Number(port.targetPort) + 1 })) })),
  ),
  app(
    'service_protocol_mismatch',
    'UDP',
    served(({ ports }) => ({ ports: ports.map((port) => ({ ...port, protocol: 'UDP' })) })),
  ),
  app('deployment_zero_replicas', 'called', (at) => {
    const estate = served(() => ({}))(at);
    return estate === null ? null : withoutPods(at, withSpec({ ...at, estate }, {}, 0, 0));
  }),
  app(
    'service_env_var_address_mismatch',
    'port',
    addressed((host, port) => `${host}:${port + 1}`),
  ),
  app(
    'service_env_var_address_mismatch',
    'a letter too few',
    addressed((host, port) => `${host.slice(0, -1)}:${port}`),
  ),
  app(
    'service_env_var_address_mismatch',
    'a word too many',
    addressed((host, port) => `${host}-svc:${port}`),
  ),
  app(
    'service_env_var_address_mismatch',
    'another name',
    addressed((_, port) => `nobody:${port}`),
  ),
  app('service_dns_resolution_failure', 'crashing', (at) => crashing(at, { dnsPolicy: 'None', nameservers: ['10.255.3.254'] })),
  app('service_dns_resolution_failure', 'ready', (at) =>
    at.estate.calls.some(({ from }) => from === at.workload.name)
      ? failing(at, withSpec(at, { dnsPolicy: 'None', nameservers: ['192.0.2.53'] }, at.workload.ready))
      : null,
  ),
  app(
    'mysql_invalid_credentials',
    'denied',
    asking("java.sql.SQLException: Access denied for user 'ts'@'192.0.2.4' (using password: YES)"),
  ),
  app(
    'mysql_invalid_port',
    'refused',
    asking('com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure … Connection refused'),
  ),
  app('service_sidecar_port_conflict', 'in the annotations', (at) => {
    const port = at.container.ports[0]?.port;
    return port === undefined ? null : crashing(at, { annotations: { 'proxy.istio.io/config': `{ "statusPort": ${port} }` } });
  }),
];
