import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Api } from '../api/context.ts';
import { autoStyle } from '../evidence/theme.ts';

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' } as const;

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

function asset(name: string, body: Buffer): readonly [string, Asset] {
  const etag = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return [name, { type: types[name.slice(name.lastIndexOf('.') + 1) as keyof typeof types], body, etag }];
}

const files = ['style.css', 'icon.svg', 'live.js', 'graph.js', 'proof.js'];

const assets: ReadonlyMap<string, Asset> = new Map([
  ...files.map((name) => asset(name, readFileSync(new URL(`./static/${name}`, import.meta.url)))),
  // The colours of the evidence graph are said once, for pictures and for pages.
  asset('graph.css', Buffer.from(autoStyle)),
]);

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
