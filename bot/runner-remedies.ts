import { remedyFor } from '../tools/remedies.ts';
import type { RunnerReport } from '../tools/report.ts';
import { tooOld } from '../tools/versions.ts';

function versionRemedies({ programs }: RunnerReport): readonly string[] {
  return programs.flatMap(({ name, version }) => {
    if (version === null) return [`${name} does not say its version: see whether it starts`];
    const wanted = tooOld(name, version);
    return wanted === null ? [] : [`${name} ${version} has known faults: install ${wanted} or newer`];
  });
}

function rightsRemedies({ permissions }: RunnerReport): readonly string[] {
  return permissions.flatMap((one) =>
    one.problem === null ? [] : [`what ${one.system} lets ${one.account}s do is not known (${one.problem.message}): ${remedyFor(one)}`],
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
