import type { Logger } from 'pino';
import type { Environment } from '../config-environment.ts';
import type { ConfigFile } from '../config-file.ts';
import { isBundleUrl } from '../policy/bundle-url.ts';
import { checkBundle } from '../policy/check.ts';
import { sourceAt } from '../policy/place.ts';
import { type Finding, fine, problem, wordsOf } from './finding.ts';

/** What a start would find. */
export async function checkPolicy(env: Environment, { policy }: ConfigFile, log: Logger): Promise<Finding> {
  const source = sourceAt({ ...policy, token: env.POLICY_BUNDLE_TOKEN, dataDirectory: env.WATCHKEEPER_DATA }, log);
  if (source === undefined) return fine('policy', 'built in: policy.bundle is not set');
  try {
    const bundle = await checkBundle(await source.read());
    return fine('policy', `the bundle in ${source.name} may decide (${bundle})`);
  } catch (error) {
    return problem(
      'policy',
      `the bundle in ${source.name} may not decide: ${wordsOf(error)}`,
      `see every fault of it: watchkeeper policy test --bundle ${isBundleUrl(source.name) ? 'DIR (what is built there)' : source.name}; or correct policy.bundle; without that key the built-in policy decides`,
    );
  }
}
