import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effects, notesIn, saidInLinear, saidInPagerDuty } from '../../bot/mirrors/said.ts';
import { type Bench, createBench } from '../../bot/mirrors/testing.ts';
import { resolvedLife } from '../../bot/mirrors/testing-lives.ts';
import { type Program, startProgram } from './program.ts';

/** The role signs the audit log too. */
const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let bench: Bench;
let running: Program[];
beforeEach(async () => {
  bench = await createBench();
  running = [];
});
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all(running.map(({ closed }) => closed));
  await bench.close();
});

/** The role `mirror` as it runs in production, against the stand-ins. */
function startMirror(): Program {
  const { linear, pagerduty, db } = bench;
  const program = startProgram(['serve', '--role', 'mirror'], {
    DATABASE_URL: db.url,
    AUDIT_SIGNING_KEY: signingKey,
    LINEAR_API_KEY: linear.apiKey,
    LINEAR_API_URL: linear.apiUrl,
    LINEAR_TEAM_KEY: linear.teamKey,
    PAGERDUTY_API_TOKEN: pagerduty.token,
    PAGERDUTY_API_URL: pagerduty.apiUrl,
    PAGERDUTY_EVENTS_URL: pagerduty.eventsUrl,
    PAGERDUTY_FROM_EMAIL: pagerduty.fromEmail,
    PAGERDUTY_ROUTING_KEY: pagerduty.routingKey,
  });
  running.push(program);
  return program;
}

const ledgers = () => [...bench.linear.ledger(), ...bench.pagerduty.ledger()];

/** Killed after the peer took the call, and before anything of that was noted. */
async function killInTheMiddleOf(operation: string): Promise<void> {
  const peer = /^[a-z_]+\./.test(operation) ? bench.pagerduty : bench.linear;
  peer.faults.hangAfterAccept(operation, 1);
  const { child, ended } = startMirror();
  await expect
    .poll(() => ledgers().some((entry) => entry.operation === operation && entry.status === 0), { timeout: 60_000, interval: 10 })
    .toBe(true);
  child.kill('SIGKILL');
  await ended;
  // What the lease waits for: the time after which its holder counts as dead.
  await bench.db.force('UPDATE outbox SET lease_until = NULL');
}

const drained = () =>
  expect.poll(async () => (await bench.store.outbox.depth()).some(({ pending }) => pending > 0), { timeout: 90_000 }).toBe(false);

test.each(['issueCreate', 'commentCreate', 'documentCreate', 'events.enqueue', 'notes.create', 'events.change', 'status_updates.create'])(
  'kill -9 between %s and its record: one effect, everything in order',
  async (operation) => {
    const incident = await bench.open();
    await resolvedLife(bench.store, incident.id);
    await killInTheMiddleOf(operation);
    startMirror();
    await drained();
    expect(saidInLinear(bench.linear.ledger())).toEqual(await bench.recorded(incident.id, 'linear'));
    expect(saidInPagerDuty(bench.pagerduty.ledger())).toEqual(await bench.recorded(incident.id, 'pagerduty'));
    expect(notesIn(bench.pagerduty.ledger())).toHaveLength(1);
    for (const once of ['issueCreate', 'documentCreate', 'events.change']) expect(effects(ledgers(), once)).toHaveLength(1);
    const updates = effects(ledgers(), 'status_updates.create').map((entry) => JSON.stringify(entry.input));
    expect(new Set(updates).size).toBe(updates.length);
    expect(updates).toHaveLength(3);
    const dead = await bench.store.outbox.list({ state: 'refused' }, 0, 10);
    expect(dead.map(({ kind }) => kind)).toEqual(operation === 'status_updates.create' ? ['plan.proposed'] : []);
  },
);
