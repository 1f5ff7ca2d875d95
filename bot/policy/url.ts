import { readBundleArchive } from '../../policy/archive.ts';
import type { PolicyBundle } from '../../policy/decide.ts';
import type { Resolve } from './addresses.ts';
import { shownUrl } from './bundle-url.ts';
import { readCopy, writeCopy } from './copy.ts';
import { download } from './download.ts';
import { BundleRefused } from './refused.ts';
import type { BundleSource } from './source.ts';

export interface UrlPlace {
  /** `policy.bundle`: https, or http on this machine. */
  readonly url: string;
  /** POLICY_BUNDLE_TOKEN. */
  readonly token: string | null;
  /** `policy.networks`. */
  readonly networks: readonly string[];
  /** Where the last good bundle is kept. */
  readonly copyFile: string;
  readonly pollMs?: number;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
  readonly now?: () => Date;
}

/** Bytes of an archive. That of the built-in policy is a fiftieth of it. */
const largest = 4 * 1024 * 1024;

function unpack(archive: Buffer, name: string): PolicyBundle {
  try {
    return readBundleArchive(archive);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new BundleRefused(`${name} is no archive as opa build -t wasm writes it (${reason})`, error);
  }
}

/** The operator's URL: the archive that `opa build -t wasm` writes, asked for with its ETag. */
export function urlSource(place: UrlPlace): BundleSource {
  const { token, networks, copyFile, pollMs = 60_000, timeoutMs = 10_000, resolve, now = () => new Date() } = place;
  const url = new URL(place.url);
  const name = shownUrl(url);
  const options = { token, networks, timeoutMs, largest, ...(resolve && { resolve }) };
  /** What came last, good or not, and its ETag. */
  let last: { readonly etag: string; readonly archive: Buffer } | null = null;
  return {
    name,
    pollMs,
    async read() {
      const answer = await download(url, last?.etag ?? null, options);
      if (answer.kind === 'unchanged') return unpack(last?.archive ?? Buffer.of(), name);
      last = answer.etag === null ? null : { etag: answer.etag, archive: answer.body };
      return unpack(answer.body, name);
    },
    watch: () => () => {},
    kept: () => readCopy(copyFile, url.href),
    keep: (bundle) => writeCopy(copyFile, url.href, bundle, now()),
  };
}
