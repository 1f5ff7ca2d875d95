import type { RunnerReport } from '../tools/report.ts';
import { tooOld } from '../tools/versions.ts';

function versionRemedies({ programs }: RunnerReport): readonly string[] {
  return programs.flatMap(({ name, version }) => {
    if (version === null) return [`${name} does not say its version: see whether it starts`];
    const wanted = tooOld(name, version);
    return wanted === null ? [] : [`${name} ${version} has known faults: install ${wanted} or newer`];
  });
}

const todo: Partial<Record<string, string>> = {
  forbidden: 'renew these credentials, or give them their role',
  unreachable: 'see whether it can be reached from there',
  cli_missing: 'install it, or name its path under binaries of the site',
  context_unknown: 'correct its settings at the site',
};

function rightsRemedies({ permissions }: RunnerReport): readonly string[] {
  return permissions.flatMap(({ system, account, problem }) =>
    problem === null
      ? []
      : [`what ${system} lets ${account}s do is not known (${problem.message}): ${todo[problem.code] ?? 'ask it by hand at the site'}`],
  );
}

/** What somebody has to do about a runner, in words; `registry`: the hash of this server's operations. */
export function remediesFor(report: RunnerReport, registry: string): readonly string[] {
  const skew =
    report.registry === registry
      ? []
      : [
          `it has other operations (registry ${report.registry.slice(0, 12)}) than this server (${registry.slice(0, 12)}) and refuses writes: run the same version of both`,
        ];
  return [...skew, ...versionRemedies(report), ...rightsRemedies(report)];
}
