import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../bot/sandbox/free-port.ts';
import type { PolicyInput } from '../../policy/contract.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { findBinaries } from '../../tools/binaries.ts';
import { type Figure, round } from './figure.ts';

const question: PolicyInput = {
  question: 'plan',
  breakGlassSettings: null,
  nowMs: 1_795_000_000_000,
  requester: 'erin',
  steps: [
    {
      id: 's1',
      operation: 'kubernetes.rollout_undo',
      known: true,
      tier: 'medium',
      site: { name: 'sandbox', environment: 'production' },
      namespace: 'shop',
      service: 'checkout',
      owners: 0,
      ownership: { kind: 'none', by: null },
      impact: { targets: 1, replicas: 3, percent: 100 },
      hasDryRun: true,
      reversible: true,
    },
  ],
  autonomy: { rules: [] },
  budgets: { stepsPerPlan: 10, targetsPerStep: 5, replicasPerStep: 500, percentPerStep: 100, writesPerHour: 20 },
  usage: { writesLastHour: 0 },
  freezes: [],
  windows: [],
  clocks: { UTC: { day: 1, minute: 600 } },
};

const seconds = 2;

async function perSecond(decide: () => unknown): Promise<number> {
  for (let warm = 0; warm < 200; warm += 1) await decide();
  const end = performance.now() + seconds * 1_000;
  let count = 0;
  for (; performance.now() < end; count += 1) await decide();
  return count / seconds;
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const up = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    await delay(100);
  }
  throw new Error('opa did not start');
}

async function overRest(opa: string): Promise<number> {
  const address = `127.0.0.1:${await freePort()}`;
  const folder = fileURLToPath(new URL('../../policy', import.meta.url));
  const server: ChildProcess = spawn(opa, ['run', '--server', '--addr', address, '--log-level', 'error', folder], { stdio: 'ignore' });
  try {
    await untilReady(`http://${address}`);
    const body = JSON.stringify({ input: question });
    return await perSecond(async () =>
      (await fetch(`http://${address}/v1/data/policy/assistant/v1/decision`, { method: 'POST', body })).json(),
    );
  } finally {
    server.kill();
  }
}

/** Decisions per second in this process against an OPA server over REST, one after the other. */
export async function policyDecisions(): Promise<Figure> {
  const policy = await loadCommittedPolicy();
  const ours = await perSecond(() => policy.decide(question));
  const { opa } = await findBinaries(['opa'], process.env['PATH'] ?? '');
  const target = '≥ 25× OPA over REST';
  if (opa === undefined)
    return { name: 'policy decisions', value: round(ours, 0), unit: '/s', baseline: 'opa is not on PATH', target, met: null };
  const rest = await overRest(opa);
  const ratio = ours / rest;
  return {
    name: 'policy decisions',
    value: round(ratio),
    unit: `× (${round(ours, 0)}/s)`,
    baseline: `OPA over REST ${round(rest, 0)}/s`,
    target,
    met: ratio >= 25,
  };
}
