import { join } from 'node:path';
import type { Logger } from 'pino';
import { isBundleUrl } from './bundle-url.ts';
import { directorySource } from './directory.ts';
import type { BundleSource } from './source.ts';
import { urlSource } from './url.ts';

export interface PolicyPlace {
  /** `policy` of the configuration. */
  readonly bundle?: string | undefined;
  readonly networks: readonly string[];
  /** POLICY_BUNDLE_TOKEN. */
  readonly token: string | undefined;
  /** WATCHKEEPER_DATA. */
  readonly dataDirectory: string;
}

/** Where the operator's bundle comes from; undefined: nowhere, the built-in one decides. */
export function sourceAt({ bundle, networks, token, dataDirectory }: PolicyPlace, log: Logger): BundleSource | undefined {
  if (bundle === undefined) return undefined;
  if (!isBundleUrl(bundle)) return directorySource(bundle, log);
  return urlSource({ url: bundle, token: token ?? null, networks, copyFile: join(dataDirectory, 'policy-bundle.json') });
}
