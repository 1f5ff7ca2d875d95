import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { DatabasePool } from 'slonik';
import { type AdmitContext, admit, holdFor } from '../../bot/alerts/admit.ts';
import type { IncomingAlert, Report } from '../../bot/alerts/alert.ts';
import { createServiceGraph } from '../../bot/correlation/graph.ts';
import { scopeOfService } from '../../bot/correlation/scope.ts';
import { Alerts } from '../../bot/correlation/settings.ts';
import { startPostgres } from '../../bot/sandbox/postgres.ts';
import { insertAlert } from '../../bot/store/alerts.ts';
import { newIncident } from '../../bot/store/fixtures.ts';
import { migrate } from '../../bot/store/migrate.ts';
import { createPool, inTransaction } from '../../bot/store/pool.ts';
import { createStore } from '../../bot/store/store.ts';
import { createRedactor } from '../../tools/redaction/index.ts';
import { type Figure, round } from './figure.ts';

const total = 1_000;
const writers = 8;

const service = (name: string) => ({ name, dependsOn: [] });
const causes = Array.from({ length: 10 }, (_, index) => `service-${index}`);

function alertOf(index: number, name: string): IncomingAlert {
  const at = new Date();
  return {
    ...{ source: 'alertmanager', externalId: randomUUID(), fingerprint: randomUUID(), labels: { service: name, pod: `${name}-${index}` } },
    scope: { scope: scopeOfService(name), service: name, site: null, namespace: 'shop' },
    ...{ changes: [], severity: 'critical', urgency: 'high', title: `${name} fails`, text: '', url: null, status: 'firing' },
    ...{ statusAt: at, startsAt: at, supersedes: () => false, ownIncident: null, mergedInto: null },
  };
}

function reportOf(alert: IncomingAlert): Report {
  const actor = { kind: 'system', id: 'alertmanager' } as const;
  return {
    eventId: alert.externalId,
    once: true,
    kind: 'alertmanager.firing',
    at: alert.startsAt,
    actor,
    ids: {},
    words: {},
    line: () => null,
  };
}

async function perSecond(write: (index: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const writer = async (first: number) => {
    for (let index = first; index < total; index += writers) await write(index);
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => writer(index)));
  return total / ((performance.now() - started) / 1_000);
}

/** One row, and nothing else. */
async function bare(pool: DatabasePool, incidentId: string): Promise<number> {
  return perSecond((index) =>
    inTransaction(pool, (tx) => {
      const { scope, statusAt, startsAt, labels, changes, ...alert } = alertOf(index, 'service-0');
      const { source, externalId, fingerprint, severity, urgency, title, url, status } = alert;
      return insertAlert(tx, {
        ...{ id: randomUUID(), incidentId, source, externalId, fingerprint, severity, urgency, title, url, status, ...scope },
        ...{ labels: { ...labels }, changes: [...changes], joinedBy: 'service', endsAt: null },
        ...{ statusAt: statusAt.toISOString(), startsAt: startsAt.toISOString() },
      });
    }),
  );
}

/** Alerts taken in per second, correlated, audited and queued for their thread, against bare inserts of the same rows. */
export async function alertsTakenIn(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'watchkeeper-bench-'));
  const log = pino({ level: 'silent' });
  const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, log });
  try {
    await migrate(postgres.migrationUrl, log);
    const pool = await createPool(postgres.url, log, writers);
    const redact = createRedactor({ secrets: [], placeholderKey: Buffer.alloc(32) });
    const store = createStore({ pool, redact, now: () => new Date(), log, sinks: ['linear', 'pagerduty'] });
    const services = causes.map(service);
    const context: AdmitContext = { graph: createServiceGraph(services), settings: Alerts.parse({}), services, ...store };
    const { incident } = await store.incidents.open(newIncident({ service: null }), { kind: 'system', id: 'bench' });
    const inserts = await bare(pool, incident.id);
    const admitted = (names: readonly string[]) =>
      perSecond((index) => {
        const alert = alertOf(index, names[index % names.length] ?? '');
        return inTransaction(pool, async (tx) => {
          await holdFor(tx, context, [alert]);
          return admit(tx, context, alert, reportOf(alert));
        });
      });
    const many = await admitted(causes.slice(1));
    const one = await admitted(causes.slice(0, 1));
    await pool.end();
    const baseline = `${round(inserts, 0)}/s bare inserts by ${writers} writers; one cause alone ${round(one, 0)}/s, ${round(one / inserts, 2)}×`;
    const value = round(many / inserts, 2);
    return {
      name: `alerts taken in, nine causes: ${round(many, 0)}/s`,
      value,
      unit: '×',
      baseline,
      target: '≥ 100/s',
      met: one >= 100 && many >= 100,
    };
  } finally {
    await postgres.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
