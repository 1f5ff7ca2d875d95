import type { Snapshot } from './snapshot.ts';

/** Whom a service calls itself. */
export function callees(snapshot: Snapshot, namespace: string, name: string): readonly string[] {
  return snapshot.calls.filter((call) => call.namespace === namespace && call.from === name).map(({ to }) => to);
}

/** Everybody whom a service waits for, directly or through others, and who does not wait for it in turn. */
export function below(snapshot: Snapshot, namespace: string, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  while (open.length > 0) {
    const next = open.pop() ?? '';
    for (const to of callees(snapshot, namespace, next)) {
      if (found.has(to) || to === name) continue;
      found.add(to);
      open.push(to);
    }
  }
  return found.difference(callers(snapshot, namespace, name));
}

/** Everybody who calls a service, directly or through others. */
export function callers(snapshot: Snapshot, namespace: string, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  while (open.length > 0) {
    const next = open.pop();
    for (const { namespace: place, from, to } of snapshot.calls) {
      if (place !== namespace || to !== next || found.has(from) || from === name) continue;
      found.add(from);
      open.push(from);
    }
  }
  return found;
}

/** Who calls whom, by what workloads are told of others in their plain settings. */
export function callsBySettings(snapshot: Snapshot): Snapshot['calls'] {
  return snapshot.workloads.flatMap(({ observation, site, namespace, name, spec }) => {
    const values = spec?.containers.flatMap(({ env }) => Object.values(env)) ?? [];
    const words = new Set(values.flatMap((value) => value.split(/[^a-z0-9-]+/i)));
    const services = snapshot.services.filter(
      (service) => service.site === site && service.namespace === namespace && words.has(service.name),
    );
    return services
      .filter((service) => service.name !== name)
      .map((service) => ({ observation, site, namespace, from: name, to: service.name, possible: true }));
  });
}
