import { z } from 'zod';

export interface Reply {
  readonly status: number;
  /** JSON unless it is text; null: none. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  /** As the published reference has them, checked. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly found: readonly string[];
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  readonly query?: z.ZodRawShape;
  readonly body?: z.ZodRawShape;
  readonly answer: (request: Request) => Promise<Reply> | Reply;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const made = (body: unknown): Reply => ({ status: 201, body });
export const refused = (status: number, message: unknown): Reply => ({ status, body: { message } });
export const missing = (what: string): Reply => refused(404, `404 ${what} Not Found`);

/** Offset pages: https://docs.gitlab.com/api/rest/#pagination */
export const pages = { page: z.coerce.number().int().min(1).optional(), per_page: z.coerce.number().int().min(1).max(100).optional() };

export function paged<T>(all: readonly T[], { page = 1, per_page: size = 20 }: Readonly<Record<string, unknown>>): Reply {
  const [first, count] = [Number(page), Number(size)];
  const items = all.slice((first - 1) * count, first * count);
  const next = all.length > first * count ? String(first + 1) : '';
  return { status: 200, body: items, headers: { 'x-page': String(first), 'x-next-page': next, 'x-total': String(all.length) } };
}

/** Refuses what the reference does not have, as GitLab refuses values that its parameters cannot take. */
export async function answerBy(
  routes: readonly Route[],
  method: string,
  path: string,
  query: URLSearchParams,
  text: string,
): Promise<Reply> {
  const route = routes.find((one) => one.method === method && one.path.test(path));
  if (route === undefined) return { status: 404, body: { error: '404 Not Found' } };
  const asked = z.strictObject(route.query ?? {}).safeParse(Object.fromEntries(query));
  const body = z.strictObject(route.body ?? {}).safeParse(text === '' ? {} : JSON.parse(text));
  const issues = [...(asked.error?.issues ?? []), ...(body.error?.issues ?? [])];
  if (asked.data === undefined || body.data === undefined)
    return { status: 400, body: { error: issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join(', ') } };
  const found = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
  return await route.answer({ query: asked.data, body: body.data, found });
}
