import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { existing, workloadEntity } from '../look.ts';
import type { SeenService } from '../model/network.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** `CART_ADDR=cart:7070`, `http://orders.shop.svc:8080/api`. */
const address = /^(?:[a-z]+:\/\/)?([a-z0-9-]+)(?:\.([a-z0-9-]+))?(?:\.svc(?:\.[a-z.]+)?)?:(\d{2,5})(?:\/.*)?$/;

/** `api:2024` may be an image. */
const noAddress = /image|version|tag\b|_tag$/i;

const settings = ({ spec }: SeenWorkload) =>
  (spec?.containers ?? []).flatMap(({ env }) => Object.entries(env)).filter(([name]) => !noAddress.test(name));

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
  // Of another namespace, or of the world.
  if (found?.[2] !== undefined && found[2] !== workload.namespace) return null;
  const here = snapshot.services.filter(({ site, namespace }) => site === workload.site && namespace === workload.namespace);
  const service = here.find(({ name }) => name === host);
  const port = Number(found?.[3]);
  if (service !== undefined) {
    const open = service.headless === true || service.type === 'ExternalName';
    return open || service.ports.length === 0 || service.ports.some((one) => one.port === port)
      ? null
      : { says: `${host} has no port ${port}, but ${service.ports.map((one) => one.port).join(', ')}`, service, host };
  }
  const known = existing(snapshot, workload.site, 'service', workload.namespace);
  // A name of one word is a service of the same namespace, or nothing at all.
  if (known === null || value.includes('.') || known.has(host)) return null;
  const meant = [...known, ...here.map(({ name }) => name)].find((name) => misspelt(host, name));
  if (meant === undefined && !misses(snapshot, workload, host)) return null;
  return { says: meant === undefined ? `there is no service ${host}` : `there is no service ${host}, but ${meant}`, service: null, host };
}

/** One letter is wrong, missing or too many, or two have changed places. */
function misspelt(text: string, name: string): boolean {
  if (text === name || Math.abs(text.length - name.length) > 1 || name.length < 5) return false;
  let from = 0;
  while (text[from] === name[from] && from < name.length) from += 1;
  let end = 0;
  while (end < Math.min(text.length, name.length) - from && text.at(-1 - end) === name.at(-1 - end)) end += 1;
  const [a, b] = [text.slice(from, text.length - end), name.slice(from, name.length - end)];
  return (a.length <= 1 && b.length <= 1) || (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0]);
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The variable is called after one service, and names another one. */
function swapped(
  snapshot: Snapshot,
  workload: SeenWorkload,
  variable: string,
  value: string,
): { service: SeenService; host: string } | null {
  const [, host, place] = address.exec(value) ?? [];
  if (place !== undefined && place !== workload.namespace) return null;
  const here = snapshot.services.filter(({ site, namespace }) => site === workload.site && namespace === workload.namespace);
  const stem = /^(.+?)(?:service)?(?:addr|address|host|url|uri|endpoint)$/.exec(plain(variable))?.[1] ?? '';
  const exactly = here.find(({ name }) => plain(name).replace(/service$/, '') === stem);
  // `REDIS_ADDR` means `redis-cart`, where that is the only one.
  const alike = stem.length < 4 ? [] : here.filter(({ name }) => name.split('-').includes(stem));
  const service = exactly ?? (alike.length === 1 ? alike[0] : undefined);
  if (host === undefined || service === undefined || host === service.name) return null;
  const known = here.some(({ name }) => name === host);
  // A name of one word that no service bears: what is meant is the service that the variable is called after.
  const lost = !known && !value.includes('.') && existing(snapshot, workload.site, 'service', workload.namespace)?.has(host) === false;
  // What goes through another one on purpose, as through a gateway, gets there.
  const astray = exactly !== undefined && known && !host.includes(service.name) && ailing(snapshot, workload);
  return lost || astray ? { service, host } : null;
}

function confused(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const variables = settings(workload);
  return variables.flatMap(([name, value]) => {
    const found = swapped(snapshot, workload, name, value);
    if (found === null) return [];
    return [
      finding({
        analyzer: 'addresses',
        cause: 'dependency_address_mismatch',
        entity: workloadEntity(workload),
        title: `${workload.name} calls ${found.host} where it means ${found.service.name}`,
        mechanism: `Its variable ${name} says ${value}, and is called after the service ${found.service.name}: its calls reach nobody, or a program that does not know them.`,
        refutedBy: `${found.host} answers what ${workload.name} asks of it.`,
        confidence: ailing(snapshot, workload) ? 0.7 : 0.5,
        evidence: [[workload, `${name}=${value}`]],
        facts: { variable: name },
      }),
    ];
  });
}

function explain(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const variables = settings(workload);
  return variables.flatMap(([name, value]) => {
    const mistake = wrong(snapshot, workload, value);
    // What is meant to exist and is missing is the fault of whatever keeps it out.
    const declared = mistake?.service === null && snapshot.declared.some((one) => one.kind === 'service' && one.name === mistake.host);
    if (mistake === null || declared) return [];
    return [
      finding({
        analyzer: 'addresses',
        cause: 'dependency_address_mismatch',
        entity: workloadEntity(workload),
        title: `${workload.name} calls ${value}, where nothing is`,
        mechanism: `Its variable ${name} says ${value}; ${mistake.says}. Every such call fails.`,
        refutedBy: `A connection from ${workload.name} to ${value} succeeds.`,
        // Many a setting is never used.
        confidence: ailing(snapshot, workload) ? 0.85 : 0.55,
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
