import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { contextName, writeKubeconfigs } from './kubeconfig.ts';
import { writeExecutables } from './launcher.ts';
import type { EstateState, LedgerEntry } from './model/state.ts';
import type { EstateEvent } from './model/writes.ts';
import { servePrometheus } from './prometheus.ts';
import { scenarioNamed } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { type EstateLog, listenForPrograms } from './socket.ts';
import { openWorld } from './world.ts';

export interface EstateOptions {
  /** State, executables and credentials live here. */
  readonly dir: string;
  readonly scenario: string;
  readonly log: EstateLog;
  /** Milliseconds since the epoch; the machine's clock when absent. */
  readonly now?: () => number;
}

export interface Estate {
  readonly scenario: Scenario;
  readonly binDir: string;
  /** Program → absolute path. */
  readonly binaries: Readonly<Record<string, string>>;
  readonly prometheusUrl: string;
  readonly context: string;
  readonly kubeconfig: { readonly read: string; readonly write: string };
  /** Writes that reached the estate, oldest first, dry runs and refused ones included. */
  ledger(): readonly LedgerEntry[];
  /** The model as it is now, for tests. */
  state(): EstateState;
  apply(event: EstateEvent): void;
  close(): Promise<void>;
}

/** How often the model moves on by itself, in milliseconds; every request moves it too. */
const tickMs = 250;

/** Longest path that a unix socket may have everywhere, in bytes. */
const maxSocketPath = 100;

/**
 * Starts the simulated shop: executables named kubectl, promtool, helm and argocd that answer from one model, and a small
 * Prometheus over HTTP. A second start with the same directory and scenario resumes. Throws RangeError for an unknown scenario.
 */
export async function startEstate({ dir, scenario: name, log, now = Date.now }: EstateOptions): Promise<Estate> {
  const scenario = scenarioNamed(name);
  const root = resolve(dir);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const world = openWorld(join(root, 'estate.json'), scenario, now);
  const socketPath = socketIn(root);
  const prometheus = await servePrometheus(world, log);
  const programs = await listenForPrograms(socketPath, world, () => prometheus.url, log);
  const binDir = join(root, 'bin');
  const timer = setInterval(() => world.advance(), tickMs);
  timer.unref();
  log.info({ scenario: name, prometheus: prometheus.url }, 'simulated estate is up');
  return {
    scenario,
    binDir,
    binaries: writeExecutables(binDir, socketPath),
    prometheusUrl: prometheus.url,
    context: contextName,
    kubeconfig: writeKubeconfigs(root, world.state.tokens),
    ledger: () => structuredClone(world.state.ledger),
    state: () => {
      world.advance();
      return structuredClone(world.state);
    },
    apply: (event) => world.apply(event),
    close: async () => {
      clearInterval(timer);
      await Promise.all([programs.close(), prometheus.close()]);
      world.save();
    },
  };
}

function socketIn(root: string): string {
  const beside = join(root, 'socket');
  if (Buffer.byteLength(beside) <= maxSocketPath) return beside;
  const short = join(tmpdir(), `watchkeeper-estate-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return join(short, 'socket');
}
