import type { FastifyRequest } from 'fastify';
import type { Api } from '../context.ts';
import { Problem } from '../problem.ts';

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** Throws what says that a method does nothing, before a body is read. What else is missing is for others to say. */
export function requireMethod(missing: Problem): void {
  if (missing.status === 405) throw missing;
}

/** Remembers every route that is added from now on. What it answers says of a request that no route took: 405 with what there is, or 404. */
export function watchRoutes(api: Api): (request: FastifyRequest) => Problem {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  api.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  return ({ url, method }) => {
    const path = url.split('?', 1)[0] ?? '';
    const allowed = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods));
    if (allowed.size === 0) return new Problem(404, 'not_found', 'There is no such resource.');
    const allow = [...allowed].toSorted().join(', ');
    return new Problem(405, 'method_not_allowed', `${method} does nothing here: ${allow}.`, { headers: { allow } });
  };
}
