import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import type { SiteFacts } from '../operation.ts';

/** One version, never a range: what was approved is what is installed. */
const Version = argument(100).regex(
  /^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
  'must be one exact version, e.g. 1.2.3',
);

const name = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';

/** Neither a path nor a dot segment. */
const ChartName = argument(100).regex(new RegExp(`^${name}$`), 'must be the name of a chart');

const host = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:[0-9]{1,5})?';

const Repository = argument(300).regex(
  new RegExp(`^https?://${host}(/[A-Za-z0-9][-A-Za-z0-9_]*)*/?$`),
  'must be the address of a chart repository',
);
const Oci = argument(300).regex(new RegExp(`^oci://${host}(/${name})+$`), 'must be an address such as oci://registry.example/charts/web');

/** Where a chart comes from: a repository, or a registry. Never a file. */
export const Chart = z.union([
  z.strictObject({ repository: Repository, name: ChartName, version: Version }),
  z.strictObject({ oci: Oci, version: Version }),
]);
export type Chart = z.infer<typeof Chart>;

/** Throws SiteIncomplete unless the site's configuration names the place. */
export function sourceOf(chart: Chart, site: SiteFacts): string[] {
  const address = 'oci' in chart ? chart.oci : `${chart.repository.replace(/\/$/, '')}/`;
  const allowed = (site.helm?.charts ?? []).some((place) => address.startsWith(place.endsWith('/') ? place : `${place}/`));
  if (!allowed) throw new SiteIncomplete(`site ${site.name} takes no charts from there: name the place under sites[].helm.charts`);
  return 'oci' in chart
    ? [chart.oci, `--version=${chart.version}`]
    : [chart.name, `--repo=${chart.repository}`, `--version=${chart.version}`];
}
