import { z } from 'zod';
import type { Probe } from '../contracts/activities.ts';
import type { Estate } from '../ports.ts';
import { bounded } from './bounded.ts';
import { ageOf } from './deliveries.ts';
import type { SeenChange } from './model/change.ts';
import type { Kept } from './observed.ts';

type Service = Estate['services'][number];

/** Services whose change events are read in one round. */
const mostServices = 2;
const windowMinutes = 75;

/** PagerDuty takes whole seconds of UTC only. */
const second = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** What was announced to PagerDuty for those of the services that it knows. */
export function announcedProbes(services: readonly Service[], at: Date): Probe[] {
  return services
    .flatMap((service) => (service.pagerduty === undefined ? [] : [{ ...service, pagerduty: service.pagerduty }]))
    .slice(0, mostServices)
    .map(({ site, namespace, name, pagerduty }) => ({
      ...{ site, title: `Change events of ${name} in PagerDuty`, operation: 'pagerduty.change_events' },
      input: { namespace, name, service: pagerduty, since: second(at.getTime() - windowMinutes * 60_000), until: second(at.getTime()) },
    }));
}

/** Output of `pagerduty.change_events`. */
export const ChangeEvents = z.object({
  changes: z.array(
    z.object({
      id: z.string(),
      summary: z.string(),
      at: z.string().nullable(),
      /** What sent it. */
      source: z.string().nullable(),
      /** Ids of PagerDuty's services. */
      services: z.array(z.string()),
      links: z.array(z.object({ href: z.string(), text: z.string().nullable() })),
    }),
  ),
  /** There are more in the window. */
  more: z.boolean(),
});
export type ChangeEvents = z.infer<typeof ChangeEvents>;

/** What somebody told PagerDuty that they changed. */
export function toldAnnounced(kept: readonly Kept[], estate: Pick<Estate, 'services'>, at: Date): readonly SeenChange[] {
  return kept.flatMap(({ id, body }): SeenChange[] =>
    (ChangeEvents.safeParse(body.output).data?.changes ?? []).flatMap(({ summary, at: when, source, services: ids }) => {
      const age = ageOf(when, at);
      if (age === null) return [];
      const services = estate.services.filter(
        (one) => one.site === body.site && one.pagerduty !== undefined && ids.includes(one.pagerduty),
      );
      return [
        {
          ...{ observation: id, site: body.site, kind: 'announced' as const, source: source ?? 'PagerDuty', age },
          entity: { kind: 'change event', namespace: null, name: source ?? 'PagerDuty' },
          services: services.map(({ namespace, name }) => `${namespace}/${name}`),
          words: `“${bounded(summary, 200)}” was announced to PagerDuty${source === null ? '' : ` by ${bounded(source, 60)}`}`,
          // Whoever may send events chose its links: they stand in the observation, and nowhere as something to click.
          url: null,
        },
      ];
    }),
  );
}
