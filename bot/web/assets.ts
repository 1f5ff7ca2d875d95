import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Api } from '../api/context.ts';

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' } as const;

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

function load(name: string): Asset {
  const body = readFileSync(new URL(`./static/${name}`, import.meta.url));
  const etag = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return { type: types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types], body, etag };
}

const assets: ReadonlyMap<string, Asset> = new Map(
  ['style.css', 'icon.svg', 'live.js', 'graph.js', 'proof.js'].map((name) => [name, load(name)]),
);

/** With the version: an address is always the same file. Throws for one that is not there. */
export function assetUrl(name: string): string {
  const asset = assets.get(name);
  if (asset === undefined) throw new TypeError(`there is no file ${name} for pages`);
  return `/assets/${name}?v=${asset.etag}`;
}

/** The pages' own files: to anybody, since they tell nothing. */
export function registerAssets(api: Api): void {
  api.get<{ Params: { name: string }; Querystring: { v?: string } }>('/assets/:name', async (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    const etag = `"${asset.etag}"`;
    const keep = request.query.v === asset.etag ? 'public, max-age=31536000, immutable' : 'no-cache';
    reply.headers({ etag, 'cache-control': keep, 'cross-origin-resource-policy': 'same-origin' });
    if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();
    return reply.type(asset.type).send(asset.body);
  });
}
