import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../shared/contracts/', import.meta.url);

/** The peers' published contracts lie beside the checkout and are not part of it. */
export const published = existsSync(folder);

export const notice =
  'the published contracts are not here (folder shared/contracts beside the checkout): the stand-ins are not checked against them';

export function readPublished(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}
