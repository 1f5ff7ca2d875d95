import type { Estate } from '../ports.ts';

/** What policy has to know of a call's target. */
export interface Target {
  readonly site: { readonly name: string; readonly environment: string };
  readonly namespace: string | null;
  /** The configured service that it is; null: none. */
  readonly service: string | null;
  /** How many owners that service has. */
  readonly owners: number;
}

/** By the site, the namespace and the name that the input gives. */
export function targetOf(estate: Pick<Estate, 'sites' | 'services'>, siteName: string, input: Readonly<Record<string, unknown>>): Target {
  const namespace = typeof input['namespace'] === 'string' ? input['namespace'] : null;
  const service = estate.services.find(
    ({ site, namespace: own, name }) => site === siteName && own === namespace && name === input['name'],
  );
  // A site that configuration does not know counts as production: the strictest.
  const environment = estate.sites.find(({ name }) => name === siteName)?.environment ?? 'production';
  return { site: { name: siteName, environment }, namespace, service: service?.name ?? null, owners: service?.owners.length ?? 0 };
}
