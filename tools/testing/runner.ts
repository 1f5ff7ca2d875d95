import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { contentHash } from '../canonical.ts';
import type { GrantClaims, Observation, ToolCall } from '../contract.ts';
import { createGrantVerifier, signGrant } from '../grant.ts';
import { type GrantKey, generateGrantKeys, importGrantPrivateKey, publicGrantKey } from '../grant-keys.ts';
import type { GrantRefusal } from '../grant-refusal.ts';
import type { GrantLedger } from '../ports.ts';
import { createGrowingRedactor } from '../redaction/growing.ts';
import { createRegistry } from '../registry.ts';
import { createRun } from '../run.ts';
import { createRunner, type Runner } from '../runner.ts';
import type { Site } from '../site.ts';
import { grantClaims, undoInput } from './grants.ts';

/** Made up; the redactor of the bench knows it. */
export const secret = 'made-up-secret-0001';

/** A runner at a site whose kubectl is a shell script that the test writes; everything else is real. */
export interface Bench {
  readonly runner: Runner;
  readonly site: Site;
  readonly observations: Observation[];
  readonly privateKey: GrantKey;
  readonly ledger: { claims: string[]; down: boolean };
  /** Keys whose grants the runner takes, by their id. */
  readonly keys: Map<string, GrantKey>;
  /** What was reported; `down`: nobody hears. */
  readonly refusals: { told: (GrantRefusal & { jti: string | null })[]; down: boolean };
  readonly folder: string;
  /** What kubectl does from now on, after it has noted its arguments and its KUBECONFIG. */
  kubectl(script: string): Promise<void>;
  /** Command lines that kubectl was started with. */
  started(): Promise<string[]>;
  now: Date;
  close(): Promise<void>;
}

export async function createBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-test-'));
  const site = await siteIn(folder);
  const privateKey = await importGrantPrivateKey((await generateGrantKeys()).privateKey);
  const keys = new Map([['key-1', await publicGrantKey(privateKey)]]);
  const log = pino({ level: 'silent' });
  const ledger = { claims: [] as string[], down: false };
  const observations: Observation[] = [];
  const refusals: Bench['refusals'] = { told: [], down: false };
  const bench = { site, observations, privateKey, keys, ledger, refusals, folder, now: new Date('2026-01-02T03:04:05.000Z') };
  const runner = createRunner({
    site,
    registry: createRegistry(),
    run: createRun({ log }),
    redactor: createGrowingRedactor([secret], new Uint8Array(32)),
    grants: createGrantVerifier(keys),
    ledger: memoryLedger(ledger),
    refusals: {
      report: async (jti, refusal) => {
        if (refusals.down) throw new Error('down');
        refusals.told.push({ jti, ...refusal });
      },
    },
    observations: {
      put: async (observation) => {
        observations.push(observation);
        return contentHash(observation);
      },
    },
    now: () => bench.now,
    log,
  });
  const trace = join(folder, 'trace');
  return Object.assign(bench, {
    runner,
    async kubectl(script: string) {
      const file = site.binaries['kubectl'] ?? '';
      await writeFile(file, `#!/bin/sh\necho "$KUBECONFIG $KUBERC $*" >> ${trace}\n${script}\n`);
      await chmod(file, 0o755);
    },
    started: async () => (await readFile(trace, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    close: () => rm(folder, { recursive: true }),
  });
}

async function siteIn(folder: string): Promise<Site> {
  const kubeconfig = { read: join(folder, 'read.yaml'), write: join(folder, 'write.yaml') };
  await writeFile(kubeconfig.read, 'users: [{name: reader, user: {token: made-up}}]');
  await writeFile(kubeconfig.write, 'users: [{name: writer, user: {token: made-up}}]');
  return {
    name: 'production',
    environment: 'production',
    kubernetes: { context: 'prod', kubeconfig },
    binaries: { kubectl: join(folder, 'kubectl') },
  };
}

function memoryLedger(state: { claims: string[]; down: boolean }): GrantLedger {
  return {
    async claim({ jti }) {
      if (state.down) throw new Error('down');
      if (state.claims.includes(jti)) return 'already_claimed';
      state.claims.push(jti);
      return 'claimed';
    },
  };
}

export function toolCall(more: Partial<ToolCall>): ToolCall {
  return {
    version: 1,
    callId: 'call-1',
    incidentId: 'incident-1',
    site: 'production',
    operation: 'kubernetes.rollout_undo',
    input: undoInput,
    mode: 'run',
    deadline: '2026-01-02T03:14:05.000Z',
    registry: createRegistry().hash,
    ...more,
  };
}

/** A grant for the bench's time that fits `toolCall({})`. */
export async function grantFor(bench: Bench, more: Partial<GrantClaims> = {}, key = bench.privateKey, kid = 'key-1'): Promise<string> {
  const iat = Math.floor(bench.now.getTime() / 1000);
  return await signGrant(grantClaims({ iat, exp: iat + 60, ...more }), key, kid);
}
