import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing, workloadEntity } from '../look.ts';
import type { SeenService } from '../model/network.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** `CART_ADDR=cart:7070`, `http://orders.shop.svc:8080/api`. */
const address = /^(?:[a-z]+:\/\/)?([a-z0-9-]+)(?:\.[a-z0-9-]+)?(?:\.svc(?:\.[a-z.]+)?)?:(\d{2,5})(?:\/.*)?$/;

/** The program itself says that it does not find the host: many settings name what is optional, and absent on purpose. */
const misses = (snapshot: Snapshot, { site, namespace, name }: SeenWorkload, host: string) =>
  snapshot.templates.some(
    (log) =>
      log.site === site &&
      log.namespace === namespace &&
      log.source === name &&
      log.sample.includes(host) &&
      /no such host|unknown ?host|not resolve|ENOTFOUND|name resolution/i.test(log.sample),
  );

function wrong(
  snapshot: Snapshot,
  workload: SeenWorkload,
  value: string,
): { says: string; service: SeenService | null; host: string } | null {
  const found = address.exec(value);
  const host = found?.[1];
  if (host === undefined || host === 'localhost' || /^\d+$/.test(host)) return null;
  const here = snapshot.services.filter(({ site, namespace }) => site === workload.site && namespace === workload.namespace);
  const service = here.find(({ name }) => name === host);
  const port = Number(found?.[2]);
  if (service !== undefined) {
    return service.ports.length === 0 || service.ports.some((one) => one.port === port)
      ? null
      : { says: `${host} has no port ${port}, but ${service.ports.map((one) => one.port).join(', ')}`, service, host };
  }
  const known = existing(snapshot, workload.site, 'service', workload.namespace);
  // A name of one word is a service of the same namespace, or nothing at all.
  return known === null || value.includes('.') || known.has(host) || !misses(snapshot, workload, host)
    ? null
    : { says: `there is no service ${host}`, service: null, host };
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The variable is called after one service, and names another one. */
function swapped(
  snapshot: Snapshot,
  workload: SeenWorkload,
  variable: string,
  value: string,
): { service: SeenService; host: string } | null {
  const host = address.exec(value)?.[1];
  const here = snapshot.services.filter(({ site, namespace }) => site === workload.site && namespace === workload.namespace);
  const service = here.find(({ name }) => {
    const rest = plain(variable).startsWith(plain(name)) ? plain(variable).slice(plain(name).length) : null;
    return rest !== null && /^(service)?(addr|address|host|url|uri|endpoint)$/.test(rest);
  });
  if (host === undefined || service === undefined || host.includes(service.name) || !here.some(({ name }) => name === host)) return null;
  return { service, host };
}

function confused(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const variables = workload.spec?.containers.flatMap(({ env }) => Object.entries(env)) ?? [];
  return variables.flatMap(([name, value]) => {
    const found = swapped(snapshot, workload, name, value);
    if (found === null) return [];
    return [
      finding({
        analyzer: 'addresses',
        cause: 'dependency_address_mismatch',
        entity: workloadEntity(workload),
        title: `${workload.name} calls ${found.host} where it means ${found.service.name}`,
        mechanism: `Its variable ${name} says ${value}, and is called after the service ${found.service.name}: its calls reach a program that does not know them.`,
        refutedBy: `${found.host} serves what ${workload.name} asks of it on purpose.`,
        confidence: 0.7,
        evidence: [[workload, `${name}=${value}`]],
        facts: { variable: name },
      }),
    ];
  });
}

function explain(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const variables = workload.spec?.containers.flatMap(({ env }) => Object.entries(env)) ?? [];
  return variables.flatMap(([name, value]) => {
    const mistake = wrong(snapshot, workload, value);
    // What is meant to exist and is missing is the fault of whatever keeps it out.
    const declared = snapshot.declared.some((one) => one.kind === 'service' && one.name === mistake?.host);
    if (mistake === null || declared) return [];
    return [
      finding({
        analyzer: 'addresses',
        cause: 'dependency_address_mismatch',
        entity: workloadEntity(workload),
        title: `${workload.name} calls ${value}, where nothing is`,
        mechanism: `Its variable ${name} says ${value}; ${mistake.says}. Every such call fails.`,
        refutedBy: `A connection from ${workload.name} to ${value} succeeds.`,
        confidence: 0.85,
        evidence: [[workload, `${name}=${value}`], ...(mistake.service === null ? [] : [[mistake.service, mistake.says] as const])],
        facts: { variable: name },
      }),
    ];
  });
}

/** Programs that are told to call a service, or a port of it, that does not exist. */
export function addresses(snapshot: Snapshot): readonly Finding[] {
  return snapshot.workloads.flatMap((workload) => [...explain(snapshot, workload), ...confused(snapshot, workload)].slice(0, 1));
}
