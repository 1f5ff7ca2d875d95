import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { z } from 'zod';
import { SiteIncomplete } from './errors.ts';

/** Setting of systems with an HTTP API. */
export const Authority = z
  .string()
  .min(1)
  .describe("File with certificates of authorities (PEM) that the server's own may be of, beside those that the machine trusts.");

/** What the file holds. Throws SiteIncomplete. */
export async function authorityIn(path: string, system: string): Promise<string> {
  const pem = await readFile(path, 'utf8').catch(() => '');
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new SiteIncomplete(`the authority of ${system} (ca, caCert) at the site cannot be read, or is no certificate in PEM`);
  return pem;
}

export interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

const withoutBody = new Set([204, 205, 304]);

/** `fetch` for a server whose authority is ours: that of Node knows no authorities by request. Rejects at a redirect. */
export async function fetchTrusting(authority: string, url: URL, { body, ...rest }: Sent): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const ca = [...getCACertificates('default'), authority];
  const outgoing = request(url, { ...rest, ca }, (incoming) => {
    const { statusCode: status = 0, headers } = incoming;
    if (status >= 300 && status < 400 && headers.location !== undefined) {
      incoming.destroy();
      return reject(new Error('a redirect'));
    }
    if (status < 200 || status > 599) {
      incoming.destroy();
      return reject(new Error(`status ${status}`));
    }
    const pairs = Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each]));
    const content = withoutBody.has(status) ? null : (Readable.toWeb(incoming) as unknown as BodyInit);
    if (content === null) incoming.resume();
    resolve(new Response(content, { status, headers: pairs }));
  });
  outgoing.once('error', reject);
  outgoing.end(body);
  return await promise;
}
