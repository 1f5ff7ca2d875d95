import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { RightsQuestion } from '../system.ts';

/** Roles of a project, the least first: https://docs.gitlab.com/user/permissions/ */
const roles = ['Reporter', 'Developer', 'Maintainer'] as const;

/** What reads of a project need: a role there, and a scope of the token. */
export const readProject = ['role Reporter', 'scope read_api'];

/** A dry run clones with the token that reads. */
export const changeProject = ['role Developer', 'scope api', 'scope write_repository'];
export const runPipelines = ['role Developer', 'scope api'];

const Token = z.object({ scopes: z.array(z.string()), active: z.boolean(), expires_at: z.string().nullish() });

/** What a token says of itself; which projects its account sees is theirs to say. */
export const rights: readonly RightsQuestion[] = [
  {
    command: () => ({ kind: 'http', method: 'GET', service: 'gitlab', path: '/api/v4/personal_access_tokens/self', query: {} }),
    parse: ({ stdout }) => {
      const { scopes, active, expires_at } = parseJson(Token, stdout);
      const ends = expires_at == null ? [] : [`until ${expires_at}`];
      return [...scopes.map((scope) => `scope ${scope}`), ...ends, ...(active ? [] : ['not active'])];
    },
  },
];

const named = (kind: string, permissions: readonly string[]): string[] =>
  permissions.flatMap((permission) => (permission.startsWith(`${kind} `) ? [permission.slice(kind.length + 1)] : []));

/** What to choose where a token is made: GitLab has no file for it. The token that reads clones as well. */
export function tokenText(name: string, permissions: readonly string[]): string {
  const role = roles[Math.max(0, ...named('role', permissions).map((one) => roles.indexOf(one as 'Reporter')))];
  const scopes = new Set(named('scope', permissions));
  if (!scopes.has('api')) scopes.add('read_repository');
  return [
    '# An access token of each project that sites[].gitlab.projects names, or of a group that holds them:',
    '# https://docs.gitlab.com/user/project/settings/project_access_tokens/',
    `name: ${name}`,
    `role: ${role}`,
    `scopes: ${[...scopes].toSorted().join(', ')}`,
    '',
  ].join('\n');
}
