import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import type { SiteFacts } from '../operation.ts';

/** A name with at least one dot, or an address. */
export const Host = argument(253).regex(
  /^([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.?$/,
  'must be a host name in lower case',
);

export const Port = z.int().min(1).max(65_535);

/** No credentials, no fragment; nothing that another parser could read otherwise. */
export const HttpUrl = argument(1000)
  .regex(/^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?(\/[\x21-\x5b\x5d-\x7e]*)?$/, 'must be an address such as https://shop.example/health')
  .refine((text) => !text.includes('#') && URL.parse(text) !== null, 'must be an address without a fragment');

/** Throws SiteIncomplete unless the configuration names the host: what is asked of others could carry anything out. */
export function allowedHost(host: string, site: SiteFacts): string {
  const allowed = (site.probe?.hosts ?? []).some((name) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name));
  if (allowed) return host;
  throw new SiteIncomplete(`site ${site.name} may not ask ${host}: name it under sites[].probe.hosts`);
}
