import { readFileSync } from 'node:fs';
import { profileSecrets } from './aws/profiles.ts';
import type { TwoSources } from './credentials.ts';
import { yamlSecrets } from './secret-values.ts';
import type { Site } from './site.ts';
import { systemsOf } from './systems.ts';

function textOf(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}

/** Of what stands in files; what a runner holds, the redactor learns when it is got. */
const paths = (all: readonly TwoSources[] = []) => all.flatMap(({ read, write }) => [read, write].filter((one) => typeof one === 'string'));

/** Values in the credentials files of a site as they are now. Read anew each time: the files may be renewed while a runner runs. */
export function secretsAt(site: Site): readonly string[] {
  return systemsOf(site).flatMap(({ name, secrets }) => {
    const files = secrets?.(site[name]);
    const configurations = [...paths(files?.kubeconfigs), ...paths(files?.configurations)].flatMap(textOf).flatMap(yamlSecrets);
    const tokens = paths(files?.tokens).flatMap(textOf);
    const profiles = paths(files?.profiles).flatMap(textOf).flatMap(profileSecrets);
    return [...configurations, ...profiles, ...tokens.map((token) => token.trim())];
  });
}
