import type { Observation } from '../../tools/contract.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { isFreeText, isTyped } from './evidence.ts';
import { textsIn } from './grounded.ts';

/** Their outputs are full of what anybody may have written: titles, subjects, names of branches. */
const quotesPeople: ReadonlySet<string> = new Set([
  ...['github.pr_list', 'github.commit_list', 'gitlab.mr_list', 'gitlab.commit_list', 'pagerduty.change_events'],
  ...['gitlab.mr_discussions', 'pagerduty.incident_context', 'aws.cloudtrail_events', 'aws.asg_activities'],
]);

/**
 * Names that a change may be proposed for: whole values of what systems list, of findings and of the configuration. What stands in a log, an
 * event or a message names nothing, whoever wrote it there.
 */
export function targetsIn(
  { sites, services }: Pick<Estate, 'sites' | 'services'>,
  kept: readonly { readonly body: Pick<Observation, 'operation' | 'output'> }[],
  findings: readonly Pick<Finding, 'facts' | 'entity'>[],
): (name: string) => boolean {
  const listed = kept.filter(({ body }) => !isFreeText(body.operation) && !quotesPeople.has(body.operation) && isTyped(body.output));
  const names = new Set([
    ...sites.map(({ name }) => name),
    ...services.flatMap(({ name, namespace }) => [name, namespace]),
    ...findings.flatMap(({ facts, entity }) => textsIn([facts, entity])),
    ...listed.flatMap(({ body }) => textsIn(body.output)),
  ]);
  return (name) => names.has(name);
}

/**
 * What may name a target in an incident about a site: what that site answered, and what a finding is built on. Whoever may only speak for
 * another site makes no name known here. An incident about no site hears all of them.
 */
export function heardAt<T extends { readonly id: string; readonly body: Pick<Observation, 'site'> }>(
  site: string | null,
  cited: readonly string[],
  kept: readonly T[],
): readonly T[] {
  return site === null ? kept : kept.filter(({ id, body }) => body.site === site || cited.includes(id));
}
