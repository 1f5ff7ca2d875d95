import { contentHash } from '../../tools/canonical.ts';
import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import { type CelContext, visible } from './cel.ts';
import type { CompiledPlaybook, Operations } from './compiled.ts';
import { matching, ranked, type Situation } from './match.ts';

/** What a read said, of those that ran; undefined: it did not run, or failed. */
export type ReadOutput = (site: string, operation: string, input: unknown) => unknown;

/** Characters of JSON of one read that expressions see. */
const longestOutput = 262_144;

export const readKey = (site: string, operation: string, input: unknown): string => contentHash({ site, operation, input });

/** With what was observed, and what is still to be read; a read that builds upon another waits for it. */
export function observed(
  operations: Pick<Operations, 'get'>,
  compiled: CompiledPlaybook,
  context: CelContext,
  output: ReadOutput,
): { readonly context: CelContext; readonly missing: readonly Probe[] } {
  const { site } = context.entity;
  const reads: Record<string, unknown> = {};
  const missing: Probe[] = [];
  for (const { as, title, operation, input } of compiled.observe) {
    const filled = operations.get(operation)?.input.safeParse(input({ ...context, reads: visible(reads) }));
    if (filled?.success !== true) continue;
    const wanted = filled.data as Record<string, unknown>;
    const said = output(site, operation, wanted);
    if (said === undefined) missing.push({ site, title: `${title} (${compiled.playbook.name})`, operation, input: wanted });
    else if (JSON.stringify(said).length <= longestOutput) reads[as] = said;
  }
  return { context: { ...context, reads: visible(reads) }, missing };
}

/** Findings whose playbooks may read further, and playbooks of each. */
const mostFindings = 2;
const mostPlaybooks = 2;

/** What the playbooks that apply want to know beyond what was read. */
export function wantedReads(
  operations: Pick<Operations, 'get'>,
  findings: readonly Finding[],
  playbooks: readonly CompiledPlaybook[],
  situation: Situation,
  output: ReadOutput,
): readonly Probe[] {
  const wanted = ranked(findings)
    .slice(0, mostFindings)
    .flatMap((finding) =>
      matching(playbooks, finding, situation)
        .slice(0, mostPlaybooks)
        .flatMap(({ compiled, context }) => observed(operations, compiled, context, output).missing),
    );
  // What a site has not, is no gap in what was seen of it.
  const there = wanted.filter(({ site, operation }) =>
    situation.estate.sites.some(({ name, systems }) => name === site && systems.includes(operation.split('.')[0] ?? '')),
  );
  return [...new Map(there.map((probe) => [readKey(probe.site, probe.operation, probe.input), probe])).values()];
}
