import type { SiteRunners } from '../blocks/runners.ts';
import type { AccountRights } from '../tools/report.ts';
import type { Site } from '../tools/site.ts';
import { remediesFor } from './runner-remedies.ts';
import type { Reported } from './store/runner-reports.ts';

/** `kubernetes read: 12 rights`. */
export function rightsLine({ system, account, rights, omitted, problem }: AccountRights): string {
  const count = rights.length + omitted;
  return `${system} ${account}: ${problem !== null ? 'not known' : count === 1 ? '1 right' : `${count} rights`}`;
}

/** Every configured site with those who execute operations there. `registry`: the hash of this server's operations. */
export function runnersBySite(sites: readonly Site[], reports: readonly Reported[], registry: string): readonly SiteRunners[] {
  return sites.map(({ name }) => ({
    site: name,
    runners: reports
      .filter(({ report }) => report.site === name)
      .map(({ report, reportedAt }) => ({
        seenAt: new Date(reportedAt).toISOString(),
        programs: report.programs,
        permissions: report.permissions.map(rightsLine),
        remedies: remediesFor(report, registry),
      })),
  }));
}
