import { selects } from './model/seen.ts';
import type { SeenWorkload } from './model/workload.ts';
import type { Snapshot } from './snapshot.ts';

const image = /(^|\/|-)(mysql|mariadb|percona|postgres|postgresql|mongo|mongodb|redis|valkey|cassandra|cockroach)\b/i;
const ports = new Set([3306, 5432, 6379, 27017, 9042, 26257]);

export function isDatabase({ spec }: SeenWorkload): boolean {
  return spec?.containers.some((container) => image.test(container.image) || container.ports.some(({ port }) => ports.has(port))) === true;
}

/** Workloads whose name, or a service of which, stands in the plain settings of the workload. */
function named(snapshot: Snapshot, workload: SeenWorkload, candidates: readonly SeenWorkload[]): readonly SeenWorkload[] {
  const values = workload.spec?.containers.flatMap(({ env }) => Object.values(env)) ?? [];
  return candidates.filter((candidate) => {
    const services = snapshot.services.filter(
      ({ site, namespace, selector }) =>
        site === candidate.site &&
        namespace === candidate.namespace &&
        selects(selector, { ...candidate.spec?.labels, ...selector }) &&
        Object.entries(selector).some(([key, value]) => candidate.selector[key] === value),
    );
    const names = [candidate.name, ...services.map(({ name }) => name)];
    return values.some((value) => names.some((name) => new RegExp(`(^|[^a-z0-9-])${RegExp.escape(name)}([^a-z0-9-]|$)`).test(value)));
  });
}

/**
 * The database of these clients: the one that their settings or calls name; else the only one that nobody else names as theirs, or
 * gave their name to; else none.
 * Credentials are never read, so a host that stands among them is not known.
 */
export function databaseOf(snapshot: Snapshot, clients: readonly SeenWorkload[]): SeenWorkload | undefined {
  const [first] = clients;
  if (first === undefined) return undefined;
  const candidates = snapshot.workloads.filter((one) => one.site === first.site && one.namespace === first.namespace && isDatabase(one));
  const own = clients.flatMap((client) => named(snapshot, client, candidates));
  const called = candidates.filter(({ name }) =>
    snapshot.calls.some(({ from, to }) => to === name && clients.some((client) => client.name === from)),
  );
  if (own[0] !== undefined || called[0] !== undefined) return own[0] ?? called[0];
  const others = snapshot.workloads.filter((one) => !clients.includes(one) && !candidates.includes(one));
  const after = (other: SeenWorkload) => candidates.filter(({ name }) => name.startsWith(other.name));
  const taken = new Set(others.flatMap((other) => [...named(snapshot, other, candidates), ...after(other)]));
  const left = candidates.filter((candidate) => !taken.has(candidate));
  return left.length === 1 ? left[0] : undefined;
}
