import type { Api } from '../api/context.ts';
import { Problem } from '../api/problem.ts';

/** What is signed is the body as it came: routes of `add` get it unread, as a Buffer. */
export async function withRawBody(api: Api, add: (scoped: Api) => void): Promise<void> {
  await api.register((scoped: Api, _options, done) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsedBody) => parsedBody(null, body));
    add(scoped);
    done();
  });
}

/** The JSON of a body; null for what is none. */
export function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

/** Senders wait for 5 s; who is not answered by then sends again. Throws a Problem (503). */
export async function withinTime<T>(work: Promise<T>, ms = 4_000): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Problem(503, 'unavailable', 'It could not be stored in time.')), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
