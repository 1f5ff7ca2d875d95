import { z } from 'zod';
import { Instant } from '../../../tools/contract.ts';
import { RunnerReport } from '../../../tools/report.ts';
import { remediesFor } from '../../runner-remedies.ts';
import { listRunnerReports, putRunnerReport } from '../../store/runner-reports.ts';
import { type ApiOptions, principalOf, type Routes } from '../context.ts';
import { requireWithin } from '../limits.ts';

/** A runner that is there, and whether it accepts the operations that this server decides about. */
export const RunnerState = RunnerReport.extend({
  current: z.boolean(),
  reportedAt: Instant,
  /** What somebody has to do about it. */
  remedies: z.array(z.string()),
});

/** Those that reported within the last minutes. */
export async function runnerStates({ store, registry }: ApiOptions): Promise<z.infer<typeof RunnerState>[]> {
  const reports = await listRunnerReports(store.pool, store.now());
  return reports.map(({ report, reportedAt }) => ({
    ...report,
    current: report.registry === registry.hash,
    reportedAt: new Date(reportedAt).toISOString(),
    remedies: [...remediesFor(report, registry.hash)],
  }));
}

export function runnerRoutes(v1: Routes, { store }: ApiOptions): void {
  v1.post(
    '/runners',
    {
      config: { scope: 'observations:write', unlimited: true },
      schema: { summary: 'Say that a runner is there, and what it has', body: RunnerReport, response: { 204: z.null() } },
    },
    async (request, reply) => {
      requireWithin(principalOf(request), { site: request.body.site });
      await putRunnerReport(store.pool, request.body, store.now());
      return reply.code(204).send(null);
    },
  );
}
