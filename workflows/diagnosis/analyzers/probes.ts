import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, onePerOwner, ownerOf, podEntity, podEvents, specOf } from '../look.ts';
import type { ContainerSpec, ProbeKind, ProbeSpec } from '../model/pod-spec.ts';
import type { SeenEvent, SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

type Mistake = 'port' | 'protocol' | 'path' | 'timing';

const words: Record<Mistake, string> = {
  port: 'asks at a port where the container does not listen',
  protocol: 'speaks another protocol than the container',
  path: 'asks for a path that the container does not know',
  timing: 'leaves the container less time than it needs',
};

/** What an answer in another protocol looks like to the kubelet. */
const foreign =
  /malformed HTTP|transport connection broken|HTTP response to HTTPS|first record does not look like a TLS|server preface|frame too large|unknown service grpc|Unimplemented|unexpected HTTP status code|http2: |statuscode: 4(15|26)/i;
/** Of two checks at one port that speak both, one speaks the wrong language. */
const spoken: ReadonlySet<ProbeSpec['kind']> = new Set(['http', 'grpc']);
/** Somebody listens, and hangs up on what is said. */
const hungUp = ({ kind }: ProbeSpec, message: string) =>
  spoken.has(kind) && /:\s*EOF\b|connection reset by peer|server closed|broken pipe/.test(message);
const unknownPath = /statuscode: 40[45]/;
/** It answered in the same protocol. */
const answered = /statuscode: \d/;
const tooSlow = /deadline exceeded|timeout|timed out/i;

/** A container that starts within this many seconds is quick; Kubernetes' own defaults allow as much. */
const usualPatience = 30;

function listens(port: ProbeSpec['port'], container: ContainerSpec): boolean | null {
  if (port === null || container.ports.length === 0) return null;
  return container.ports.some((one) => one.port === port || one.name === port);
}

/** The other checks of the container: they mostly ask at the same place. */
const siblings = (container: ContainerSpec, probe: ProbeSpec) => Object.values(container.probes).filter((other) => other !== probe);

/** The program itself says that it is not well: somebody listens there, whether it was written down or not. */
const unwell = /statuscode: (?!40[45])\d/;

function mistake(probe: ProbeSpec, container: ContainerSpec, kind: ProbeKind, message: string, age: number | null): Mistake | null {
  if (listens(probe.port, container) === false && !foreign.test(message) && !unwell.test(message)) return 'port';
  if (foreign.test(message) || hungUp(probe, message)) return 'protocol';
  const others = siblings(container, probe);
  const samePort = others.filter((other) => other.port === probe.port);
  if (samePort.some(({ kind: other }) => spoken.has(other) && spoken.has(probe.kind) && other !== probe.kind)) return 'protocol';
  if (unknownPath.test(message)) return 'path';
  if (answered.test(message)) return null;
  if (
    probe.kind !== 'exec' &&
    samePort.length > 0 &&
    samePort.every((other) => other.kind !== probe.kind && other.kind !== 'exec') &&
    probe.kind !== 'tcp'
  )
    return 'protocol';
  const patience = probe.initialDelay + probe.period * probe.failureThreshold;
  // What its own readiness probe takes for a usual start is no reason to kill it.
  const hasty = others.some(({ initialDelay }) => initialDelay >= patience);
  if (kind !== 'readiness') return patience < usualPatience || hasty ? 'timing' : null;
  if (probe.period > Math.max(age ?? 0, usualPatience * 2)) return 'timing';
  if (age !== null && probe.initialDelay > Math.max(age, usualPatience * 2)) return 'timing';
  return tooSlow.test(message) && probe.timeout <= 1 && probe.period < 5 ? 'timing' : null;
}

function checked(
  snapshot: Snapshot,
  seen: SeenPod,
  event: SeenEvent,
  kind: ProbeKind,
): { container: ContainerSpec; probe: ProbeSpec } | null {
  const containers = specOf(snapshot, seen)?.containers ?? [];
  const killing = podEvents(snapshot, seen).find(({ reason, message }) => reason === 'Killing' && message.includes(`${kind} probe`));
  const named = /Container (\S+) failed/.exec(killing?.message ?? event.message)?.[1];
  const container =
    containers.find((one) => one.name === named && one.probes[kind] !== undefined) ??
    containers.find((one) => one.probes[kind] !== undefined);
  const probe = container?.probes[kind];
  return container === undefined || probe === undefined ? null : { container, probe };
}

/** Failing for now: it was seen lately, and more than once. */
const lately = (event: SeenEvent) => (event.age ?? 0) <= 300;

type Ended = SeenPod['pod']['containers'][number];

/** Its container was ended from outside: killed, or asked to end. */
const wasKilled = ({ init, lastState }: Ended) =>
  !init && lastState?.kind === 'terminated' && lastState.reason !== 'OOMKilled' && [137, 143].includes(lastState.exitCode);

/** How long a container may take to end when it is asked to. Source: the default of terminationGracePeriodSeconds. */
const grace = 30;

/** It ran for as long as the check is patient: then the kubelet ends it, with whatever exit code the program has for that. */
function lastedAsLong({ init, lastState }: Ended, { initialDelay, period, timeout, failureThreshold }: ProbeSpec): boolean {
  if (init || lastState?.kind !== 'terminated' || lastState.reason === 'OOMKilled') return false;
  const seconds = (Date.parse(lastState.finishedAt ?? '') - Date.parse(lastState.startedAt ?? '')) / 1_000;
  const first = initialDelay + period * (failureThreshold - 1);
  // Times are in whole seconds.
  return seconds >= first - 1 && seconds <= first + period + timeout + grace + 1;
}

function endedBy(snapshot: Snapshot, seen: SeenPod, kind: ProbeKind): boolean {
  const checks = specOf(snapshot, seen)?.containers ?? [];
  return seen.pod.containers.some((one) => {
    const probe = checks.find(({ name }) => name === one.name)?.probes[kind];
    return probe !== undefined && lastedAsLong(one, probe);
  });
}

/** The check that stops the pod: a liveness or startup check that kills it, or a readiness check that keeps traffic away. */
function failing(snapshot: Snapshot, seen: SeenPod): { event: SeenEvent; kind: ProbeKind } | null {
  const events = podEvents(snapshot, seen);
  const of = (kind: string) => events.find(({ warning, message }) => warning && message.toLowerCase().startsWith(`${kind} probe failed`));
  const restarted = seen.pod.containers.some(({ init, restartCount }) => !init && restartCount > 0);
  for (const kind of ['liveness', 'startup'] as const) {
    const event = of(kind);
    const killed = events.some(({ reason, message }) => reason === 'Killing' && message.includes(`failed ${kind} probe`));
    const stopped = killed || (restarted && (seen.pod.containers.some(wasKilled) || endedBy(snapshot, seen, kind)));
    if (event !== undefined && lately(event) && stopped && (restarted || inTrouble(seen))) return { event, kind };
  }
  const event = of('readiness');
  return event !== undefined && lately(event) && inTrouble(seen) && !restarted ? { event, kind: 'readiness' } : null;
}

function running(seen: SeenPod, now: Date): number | null {
  const starts = seen.pod.containers.flatMap(({ init, state }) =>
    !init && state?.kind === 'running' && state.startedAt !== null ? [Date.parse(state.startedAt)] : [],
  );
  return starts.length === 0 ? null : Math.max(0, (now.getTime() - Math.max(...starts)) / 1_000);
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const found = failing(snapshot, seen);
  if (found === null) return [];
  const { event, kind } = found;
  const check = checked(snapshot, seen, event, kind);
  const wrong = check === null ? null : mistake(check.probe, check.container, kind, event.message, running(seen, snapshot.at));
  const entity = podEntity(seen);
  const effect = kind === 'readiness' ? 'no traffic is sent to the pod' : 'the kubelet kills the container and starts it again';
  return [
    finding({
      analyzer: 'probes',
      cause: wrong === null ? `${kind}_probe_fails` : `${kind}_probe_${wrong}`,
      entity,
      title: `The ${kind} probe of ${entity.name} ${wrong === null ? 'fails' : words[wrong]}`,
      mechanism: `The ${kind} probe ${wrong === null ? 'fails' : words[wrong]}, so ${effect}, whatever the program itself does.`,
      refutedBy: 'The probe succeeds when it is asked by hand, at the same port, in the same time.',
      confidence: wrong === null ? 0.5 : 0.9,
      evidence: [
        [event, event.message],
        [seen, `${seen.pod.name} is ${seen.pod.ready ? 'ready' : 'not ready'}`],
      ],
      facts: { probe: kind, ...(check?.probe.port == null ? {} : { port: check.probe.port }) },
    }),
  ];
}

/** Until the first check that can succeed: the one before the program is up does not count. */
const pauseOf = ({ initialDelay, period }: ProbeSpec) => Math.max(initialDelay, period);

/** How long readiness checks of the other workloads pause, in the middle: a program that takes long to start is one of many then. */
function usualPause(snapshot: Snapshot, seen: SeenPod): number {
  const { name } = ownerOf(seen);
  const pauses = snapshot.workloads
    .filter((one) => one.site === seen.site && one.namespace === seen.pod.namespace && one.name !== name)
    .flatMap(
      ({ spec }) => spec?.containers.flatMap(({ probes: { readiness } }) => (readiness === undefined ? [] : [pauseOf(readiness)])) ?? [],
    )
    .toSorted((a, b) => a - b);
  return pauses[Math.floor(pauses.length / 2)] ?? 0;
}

/** Some programs take as long to start, in seconds. */
const longStart = 300;

/** A readiness check that has not begun yet keeps a pod that runs for long out of service, and says nothing. */
function silent(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const age = running(seen, snapshot.at);
  const container = specOf(snapshot, seen)?.containers.find(
    ({ probes: { readiness } }) => readiness !== undefined && age !== null && pauseOf(readiness) > age,
  );
  const patience = container?.probes.readiness === undefined ? 0 : pauseOf(container.probes.readiness);
  const restarted = seen.pod.containers.some(({ init, restartCount }) => !init && restartCount > 0);
  if (container === undefined || age === null || restarted || age < usualPatience || patience < usualPatience * 2) return [];
  if (patience < longStart && patience <= usualPause(snapshot, seen) * 2) return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'probes',
      cause: 'readiness_probe_timing',
      entity,
      title: `The readiness probe of ${entity.name} is asked only after ${patience} seconds`,
      mechanism: `The pod runs since ${Math.round(age)} seconds, and its readiness is not even asked for: no traffic is sent to it until then.`,
      refutedBy: 'The pod is ready, or its readiness probe was asked and failed.',
      confidence: patience < longStart ? 0.5 : 0.8,
      evidence: [[seen, `${seen.pod.name} runs and is not ready`]],
      facts: { probe: 'readiness' },
    }),
  ];
}

/** What is wrong with a check by itself: it asks where nobody listens, or in another language than the other check at that port. */
function writtenWrong(probe: ProbeSpec, container: ContainerSpec): Mistake | null {
  if (listens(probe.port, container) === false) return 'port';
  const others = siblings(container, probe).filter((other) => other.port === probe.port);
  return others.some(({ kind }) => spoken.has(kind) && spoken.has(probe.kind) && kind !== probe.kind) ? 'protocol' : null;
}

interface Wrong {
  readonly kind: ProbeKind;
  readonly mistake: Mistake;
  readonly probe: ProbeSpec;
  readonly shows: string;
}

/** The check that ended a container again and again, by how long it ran and how the check is written. */
function ending(container: ContainerSpec, status: Ended): Wrong | null {
  // While a startup check runs, the liveness check waits.
  const kind = container.probes.startup === undefined ? 'liveness' : 'startup';
  const probe = container.probes[kind];
  if (probe === undefined || status.restartCount === 0 || !lastedAsLong(status, probe)) return null;
  const hasty = wasKilled(status) && probe.initialDelay + probe.period * probe.failureThreshold < usualPatience;
  const found = writtenWrong(probe, container) ?? (hasty ? 'timing' : null);
  const shows = `${status.name} is ended as soon as its ${kind} probe may do so, ${status.restartCount} times`;
  return found === null ? null : { kind, mistake: found, probe, shows };
}

/** The check that keeps a container out of service which runs for longer than the check takes, while its liveness is not doubted. */
function excluding(container: ContainerSpec, status: Ended, age: number | null): Wrong | null {
  const { readiness: probe, liveness } = container.probes;
  if (probe === undefined || status.ready || status.restartCount > 0 || status.state?.kind !== 'running' || age === null) return null;
  const patience = ({ initialDelay, period, failureThreshold }: ProbeSpec) => initialDelay + period * failureThreshold;
  const found = writtenWrong(probe, container);
  const old = age > patience(probe) && age > (liveness === undefined ? 0 : patience(liveness) + grace);
  // Its liveness check finds somebody at that port.
  const open = liveness !== undefined && liveness.kind !== 'exec' && liveness.port === probe.port;
  if (found === null || !old || (found === 'port' && open)) return null;
  return { kind: 'readiness', mistake: found, probe, shows: `${status.name} runs since ${Math.round(age)} seconds and is not ready` };
}

/** Where no event of a check was seen: how it is written, and what became of the container. */
function unseen(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const age = running(seen, snapshot.at);
  const specs = specOf(snapshot, seen)?.containers ?? [];
  const [wrong] = specs.flatMap((container): Wrong[] => {
    const status = seen.pod.containers.find(({ init, name }) => !init && name === container.name);
    const found = status === undefined ? null : (ending(container, status) ?? excluding(container, status, age));
    return found === null ? [] : [found];
  });
  const told = podEvents(snapshot, seen).some(({ warning, message }) => warning && /probe (failed|errored)/i.test(message));
  if (wrong === undefined || told) return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'probes',
      cause: `${wrong.kind}_probe_${wrong.mistake}`,
      entity,
      title: `The ${wrong.kind} probe of ${entity.name} ${words[wrong.mistake]}`,
      mechanism: `The ${wrong.kind} probe ${words[wrong.mistake]}, by how it is written: ${wrong.shows}. Nobody kept what the kubelet said of it.`,
      refutedBy: 'The probe succeeds when it is asked by hand, at the same port, in the same time.',
      confidence: 0.75,
      evidence: [[seen, wrong.shows]],
      facts: { probe: wrong.kind, ...(wrong.probe.port === null ? {} : { port: wrong.probe.port }) },
    }),
  ];
}

/** Checks by the kubelet that fail because they are set up wrongly. */
export function probes(snapshot: Snapshot): readonly Finding[] {
  const suspects = snapshot.pods.filter((seen) => failing(snapshot, seen) !== null);
  const quiet = snapshot.pods.filter((seen) => inTrouble(seen) && failing(snapshot, seen) === null);
  return [
    ...onePerOwner(suspects).flatMap((seen) => explain(snapshot, seen)),
    ...onePerOwner(quiet).flatMap((seen) => {
      const late = silent(snapshot, seen);
      return late.length > 0 ? late : unseen(snapshot, seen);
    }),
  ];
}
