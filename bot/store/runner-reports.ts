import { z } from 'zod';
import { RunnerReport } from '../../tools/report.ts';
import { type Db, json, sql } from './sql.ts';

const Reported = z.object({ report: RunnerReport, reportedAt: z.number() });
export type Reported = z.infer<typeof Reported>;

/** Seconds after which a runner that says nothing counts as gone. */
const aliveSeconds = 150;

/** Keeps the newest report of each process, and forgets those of processes that are gone. */
export async function putRunnerReport(db: Db, report: RunnerReport, now: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`
    DELETE FROM runner_reports WHERE site = ${report.site} AND reported_at < ${now.toISOString()}::timestamptz - ${aliveSeconds} * interval '1 second'
  `);
  await db.query(sql.typeAlias('none')`
    INSERT INTO runner_reports (site, runner, report, reported_at)
    VALUES (${report.site}, ${report.runner}, ${json(report)}::jsonb, ${now.toISOString()})
    ON CONFLICT (site, runner) DO UPDATE SET report = excluded.report, reported_at = excluded.reported_at
  `);
}

/** Of the processes that are there now, by site. */
export function listRunnerReports(db: Db, now: Date): Promise<readonly Reported[]> {
  return db.any(sql.type(Reported)`
    SELECT report, extract(epoch FROM reported_at)::float8 * 1000 AS "reportedAt" FROM runner_reports
    WHERE reported_at >= ${now.toISOString()}::timestamptz - ${aliveSeconds} * interval '1 second'
    ORDER BY site, runner
  `);
}
