import type { z } from 'zod';
import type { Api } from '../api/context.ts';
import type { Principal } from '../api/principal.ts';
import { Problem, ProblemDocument } from '../api/problem.ts';
import type { Tickets } from './tickets.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The API as a page asks it: the same handlers, checks and words as for everybody else. Throws Problem for what it refuses. */
export interface Inside {
  get<T>(path: string, answer: z.ZodType<T>, query?: Query): Promise<T>;
  post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T>;
}

function refusal(status: number, text: string): Problem {
  const document = ProblemDocument.safeParse(JSON.parse(text === '' ? 'null' : text)).data;
  if (document === undefined) throw new TypeError(`the API answered a page with status ${status}`);
  const { code, detail, errors } = document;
  return new Problem(document.status, code, detail, errors === undefined ? {} : { errors });
}

function search(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** `path`, with encoded parts, is below /v1. */
export function createInside(api: Api, tickets: Tickets, principal: Principal): Inside {
  async function ask<T>(method: 'GET' | 'POST', url: string, answer: z.ZodType<T>, payload?: object): Promise<T> {
    const headers = { authorization: tickets.issue(principal) };
    const response = await api.inject({ method, url: `/v1${url}`, headers, ...(payload === undefined ? {} : { payload }) });
    if (response.statusCode >= 300) throw refusal(response.statusCode, response.body);
    return answer.parse(JSON.parse(response.body));
  }
  return {
    get: (path, answer, query = {}) => ask('GET', `${path}${search(query)}`, answer),
    post: (path, body, answer) => ask('POST', path, answer, body),
  };
}
