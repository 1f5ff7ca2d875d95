import { system as alertmanager } from './alertmanager/index.ts';
import { system as argocd } from './argocd/index.ts';
import { system as aws } from './aws/index.ts';
import { system as boundary } from './boundary/index.ts';
import type { Credentials } from './credentials.ts';
import { system as github } from './github/index.ts';
import { system as gitlab } from './gitlab/index.ts';
import { system as grafana } from './grafana/index.ts';
import { system as helm } from './helm/index.ts';
import { system as kubernetes } from './kubernetes/index.ts';
import { system as probe } from './probe/index.ts';
import { system as prometheus } from './prometheus/index.ts';
import type { Site } from './site.ts';
import type { AnySystem, Api, Environment, GitAccess, Program } from './system.ts';
import { system as tempo } from './tempo/index.ts';
import { system as thanos } from './thanos/index.ts';
import { system as vault } from './vault/index.ts';

/** Every system that there are operations for. */
export const systems: readonly AnySystem[] = [
  kubernetes,
  prometheus,
  alertmanager,
  helm,
  argocd,
  aws,
  github,
  gitlab,
  probe,
  thanos,
  tempo,
  grafana,
  vault,
  boundary,
];

const programsByName: ReadonlyMap<string, Program> = new Map(systems.flatMap(({ programs }) => programs.map((one) => [one.name, one])));

/** Programs that operations start. */
export const programs: readonly string[] = [...programsByName.keys()];

export function programOf(name: string): Program | undefined {
  return programsByName.get(name);
}

export function systemNamed(name: string): AnySystem | undefined {
  return systems.find((system) => system.name === name);
}

/** Those that a site has. */
export function systemsOf(site: Site): readonly AnySystem[] {
  return systems.filter(({ name }) => site[name] !== undefined);
}

/** The HTTP API of a system at a site; null: not configured. */
export function apiOf(site: Site, name: string): Api | null {
  const apis = systemsOf(site).map(
    (system) => (system.name === name ? system.api : undefined)?.(site[system.name]) ?? system.moreApis?.(site[system.name])[name],
  );
  return apis.find((api) => api !== undefined) ?? null;
}

/** The repositories of a system at a site; null: it has none. */
export function gitAccessOf(site: Site, name: string): GitAccess | null {
  const found = systemsOf(site).find((system) => system.name === name);
  return found === undefined ? null : (found.git?.(site[found.name]) ?? null);
}

/** What a program of the site gets beyond the fixed environment of run.ts: where its credentials are. Throws SiteIncomplete. */
export async function environmentFor(site: Site, program: string, credentials: Credentials): Promise<Environment> {
  return (await programOf(program)?.environment?.(site, credentials)) ?? {};
}
