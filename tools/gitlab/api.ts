import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import type { HttpCommand, HttpSequence, OneRequest, SiteFacts } from '../operation.ts';
import { slot } from '../slots.ts';

/** Milliseconds that an operation without git may take. */
export const gitlabTimeoutMs = 45_000;

/** Milliseconds that a change of a repository may take. */
export const changeTimeoutMs = 100_000;

const segment = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}';

/** Full path of a project: `group/project`, `group/subgroup/project`, up to 20 groups deep. */
export const ProjectPath = argument(500)
  .regex(new RegExp(`^${segment}(/${segment}){1,20}$`), 'must be the full path of a project')
  .refine((path) => !/(\.|\.git|\.atom)(\/|$)/.test(path), 'must be the full path of a project');

export const Project = z.strictObject({ repository: ProjectPath });

/** `number` is what GitLab calls the iid: the one after the `!`. */
export const Numbered = Project.extend({ number: z.int().positive().max(1_000_000_000) });

/** Of pipelines and jobs. */
export const Id = z.int().positive().max(Number.MAX_SAFE_INTEGER);

type Settings = NonNullable<SiteFacts['gitlab']>;

function matches(pattern: string, path: string): boolean {
  const [, group, stars] = /^(.*?)\/(\*{1,2})$/.exec(pattern) ?? [];
  if (group === undefined) return pattern === path;
  return path.startsWith(`${group}/`) && (stars === '**' || !path.slice(group.length + 1).includes('/'));
}

/** Whether patterns such as `group/**` name the project. */
export function namesProject(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => matches(pattern.toLowerCase(), path.toLowerCase()));
}

/** What the site has of GitLab, where the project is among those that it names. Throws SiteIncomplete. */
export function gitlabAt(site: SiteFacts, repository: string): Settings {
  const own = site.gitlab;
  if (own === undefined) throw new SiteIncomplete(`site ${site.name} has no GitLab: configure sites[].gitlab`);
  if (!namesProject(own.projects, repository))
    throw new SiteIncomplete(`site ${site.name} does not name ${repository}: add it to sites[].gitlab.projects`);
  return own;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** Calls of the REST API of one project that the site names. */
export interface ProjectApi {
  get(path: string, query?: Query): HttpCommand;
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: Readonly<Record<string, unknown>>): HttpCommand;
}

/** Throws SiteIncomplete. */
export function projectApi(site: SiteFacts, repository: string): ProjectApi {
  gitlabAt(site, repository);
  const common = { kind: 'http', service: 'gitlab' } as const;
  const at = (path: string) => `/api/v4/projects/${encodeURIComponent(repository)}${path}`;
  return {
    get: (path, query = {}) => {
      const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
      return { ...common, method: 'GET', path: at(path), query: Object.fromEntries(given) };
    },
    send: (method, path, body) => ({
      ...{ ...common, method, path: at(path), query: {} },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  };
}

export function requests(of: readonly OneRequest[]): HttpSequence {
  return { kind: 'requests', service: 'gitlab', of };
}

/** One part of a path: names of branches and files hold slashes. */
export const part = (text: string): string => encodeURIComponent(text);

export const slots = { number: slot('number'), pipeline: slot('pipeline') };
