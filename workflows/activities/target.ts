import { Edit } from '../../tools/git/edit.ts';
import { filesOf, isPlaceOf } from '../gitops/contract.ts';
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

type Service = Estate['services'][number];
type Input = Readonly<Record<string, unknown>>;

interface ByGit {
  /** The edits are of its own values; else: of a file that it names. */
  readonly places: boolean;
}

/** Whether a change of files, or what deploys them, is of that service: rules that name it speak of these too. */
function isByGit({ name, gitops }: Service, { repository, base, edits, application }: Input, { places }: ByGit): boolean {
  if (gitops === undefined) return false;
  if (repository !== gitops.repository || base !== gitops.branch || !Array.isArray(edits))
    return gitops.application !== undefined && application === gitops.application;
  if (!places) return edits.some((edit: { file?: unknown }) => filesOf(gitops).includes(String(edit.file)));
  return edits.some((edit) => {
    const known = Edit.safeParse(edit);
    return known.success && isPlaceOf(gitops, name, known.data);
  });
}

function byGit(here: readonly Service[], input: Input): Service | undefined {
  return here.find((one) => isByGit(one, input, { places: true })) ?? here.find((one) => isByGit(one, input, { places: false }));
}

/** By the site, the namespace and the name that the input gives; of what goes by way of Git, by what configuration says of that. */
export function targetOf(estate: Pick<Estate, 'sites' | 'services'>, siteName: string, input: Input): Target {
  const given = typeof input['namespace'] === 'string' ? input['namespace'] : null;
  const here = estate.services.filter(({ site }) => site === siteName);
  const service = here.find(({ namespace, name }) => namespace === given && name === input['name']) ?? byGit(here, input);
  const namespace = given ?? service?.namespace ?? null;
  // A site that configuration does not know counts as production: the strictest.
  const environment = estate.sites.find(({ name }) => name === siteName)?.environment ?? 'production';
  return { site: { name: siteName, environment }, namespace, service: service?.name ?? null, owners: service?.owners.length ?? 0 };
}
