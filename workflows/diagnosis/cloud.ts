import { z } from 'zod';
import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { bounded } from './bounded.ts';
import { ageOf } from './deliveries.ts';
import type { SeenChange } from './model/change.ts';
import type { Kept } from './observed.ts';

type Site = Estate['sites'][number];

const windowMinutes = 75;
/** A finding as sure as this needs no cloud to be explained, unless it speaks of machines. */
const sure = 0.85;
/** Groups whose activities are read. */
const mostGroups = 2;
/** Causes that machines, and what starts and ends them, can bring about. */
const ofMachines = /^(node_|kubelet|container_runtime|insufficient_|autoscaler)/;

const Groups = z.object({ items: z.array(z.object({ name: z.string(), min: z.number(), max: z.number(), inService: z.number() })) });

/** Activities of the groups that were listed, those first that are at a bound or lack machines. */
function activityProbes(site: string, groups: readonly Kept[]): Probe[] {
  const listed = groups.filter(({ body }) => body.site === site).flatMap(({ body }) => Groups.safeParse(body.output).data?.items ?? []);
  const strained = ({ min, max, inService }: (typeof listed)[number]) => Number(inService < min || inService >= max);
  return listed
    .toSorted((a, b) => strained(b) - strained(a) || (a.name < b.name ? -1 : 1))
    .slice(0, mostGroups)
    .map(({ name }) => ({ site, title: `Activities of the group ${name}`, operation: 'aws.asg_activities', input: { group: name } }));
}

/**
 * What happened in the account where something is wrong that nothing here explains for sure: calls that write, and faults of AWS itself; of machines
 * also what their groups did. In the first region of the site.
 */
export function cloudProbes(sites: readonly Site[], findings: readonly Finding[], groups: readonly Kept[], at: Date): Probe[] {
  return sites
    .filter(({ systems }) => systems.includes('aws'))
    .flatMap(({ name: site }): Probe[] => {
      const here = findings.filter(({ entity }) => entity.site === site);
      const machines = here.some(({ cause }) => ofMachines.test(cause));
      if (!machines && here.some(({ confidence }) => confidence >= sure)) return [];
      const from = new Date(at.getTime() - windowMinutes * 60_000).toISOString();
      const by = { what: 'readOnly', value: 'false' };
      return [
        {
          site,
          title: 'Calls that changed the cloud account',
          operation: 'aws.cloudtrail_events',
          input: { by, from, to: at.toISOString() },
        },
        { site, title: 'Faults of AWS that concern the account', operation: 'aws.health_events', input: { statuses: ['open'] } },
        ...(machines ? [{ site, title: 'Auto Scaling groups', operation: 'aws.asg_groups', input: {} }] : []),
        ...(machines ? activityProbes(site, groups) : []),
      ];
    });
}

const Calls = z.object({
  items: z.array(
    z.object({
      ...{ id: z.string(), at: z.string().nullable(), event: z.string(), source: z.string(), user: z.string().nullable() },
      ...{ readOnly: z.boolean().nullable(), resources: z.array(z.string()), error: z.string().nullable() },
    }),
  ),
});
const Faults = z.object({
  items: z.array(z.object({ arn: z.string(), service: z.string(), type: z.string(), startedAt: z.string().nullable() })),
});
const Activities = z.object({ items: z.array(z.object({ description: z.string(), cause: z.string(), startedAt: z.string().nullable() })) });

const common = ({ id, body }: Kept) =>
  ({ observation: id, site: body.site, kind: 'cloud', source: 'AWS', services: [], url: null }) as const;
const resource = (name: string) => ({ kind: 'cloud resource', namespace: null, name });

/** `AWS::RDS::DBInstance orders` → `orders`; of an ARN its last part. */
const nameOf = (words: string): string => words.split(' ').at(-1)?.split(/[/:]/).at(-1) ?? '';

/** Calls that changed something; those that were refused changed nothing. */
function toldCalls(kept: Kept, at: Date): readonly SeenChange[] {
  return (Calls.safeParse(kept.body.output).data?.items ?? []).flatMap(({ at: when, event, source, user, readOnly, resources, error }) => {
    const age = ageOf(when, at);
    if (age === null || readOnly === true || error !== null) return [];
    const what = `${event} (${source.replace('.amazonaws.com', '')}) by ${user ?? 'somebody'}`;
    const named = resources.map(nameOf).filter((name) => name !== '');
    if (named.length === 0) return [{ ...common(kept), entity: resource(source), age, words: bounded(what, 280) }];
    return named.slice(0, 5).map((name) => ({ ...common(kept), entity: resource(name), age, words: bounded(`${what} on ${name}`, 280) }));
  });
}

function toldFaults(kept: Kept, at: Date): readonly SeenChange[] {
  return (Faults.safeParse(kept.body.output).data?.items ?? []).flatMap(({ service, type, startedAt }) => {
    const age = ageOf(startedAt, at);
    return age === null
      ? []
      : [{ ...common(kept), entity: resource(service.toLowerCase()), age, words: bounded(`AWS says ${type} of ${service}`, 280) }];
  });
}

function toldActivities(kept: Kept, at: Date): readonly SeenChange[] {
  const group = String(kept.body.input['group']);
  return (Activities.safeParse(kept.body.output).data?.items ?? []).flatMap(({ description, cause, startedAt }) => {
    const age = ageOf(startedAt, at);
    const words = bounded(`${group}: ${description}${cause === '' ? '' : ` (${cause})`}`, 280);
    return age === null
      ? []
      : [{ ...common(kept), kind: 'node' as const, entity: { kind: 'autoscaling group', namespace: null, name: group }, age, words }];
  });
}

/** What AWS tells of changes. */
export function toldCloud(kept: readonly Kept[], at: Date): readonly SeenChange[] {
  const of = (operation: string) => kept.filter(({ body }) => body.operation === operation);
  return [
    ...of('aws.cloudtrail_events').flatMap((each) => toldCalls(each, at)),
    ...of('aws.health_events').flatMap((each) => toldFaults(each, at)),
    ...of('aws.asg_activities').flatMap((each) => toldActivities(each, at)),
  ];
}
