import { z } from 'zod';
import { bearer, type Credentials, TwoSources, tokenIn } from './credentials.ts';

const Basic = z.strictObject({
  user: z.string().regex(/^[^:\p{Cc}]{1,200}$/u, 'must be a name without a colon'),
  password: TwoSources,
});

/** Settings of a system that has no accounts of its own: what stands before it, or its web configuration, asks who comes. */
export const access = {
  token: TwoSources.optional().describe('Bearer tokens, where something asks for them.'),
  basic: Basic.optional().describe('A user, and its passwords, where HTTP basic authentication is asked for.'),
};

export interface Access {
  readonly token?: TwoSources | undefined;
  readonly basic?: z.infer<typeof Basic> | undefined;
}

export const oneAccess = [({ token, basic }: Access) => token === undefined || basic === undefined, 'either token or basic'] as const;

/** Its programs take credentials from a file of settings only, which could tell them much else: then the API is asked, which they would call. */
export function asksWho(settings: Access | undefined): boolean {
  return settings?.token !== undefined || settings?.basic !== undefined;
}

/** The header that says who comes. `where`: its settings. Throws SiteIncomplete. */
export async function accessHeaders(
  { token, basic }: Access,
  credentials: Credentials,
  where: string,
): Promise<Readonly<Record<string, string>>> {
  if (basic === undefined) return await bearer(token, credentials, `${where}.token`);
  const password = await tokenIn(basic.password, credentials, `${where}.basic.password`);
  return { authorization: `Basic ${Buffer.from(`${basic.user}:${password}`, 'utf8').toString('base64')}` };
}

/** Credentials of it. */
export function accessFiles({ token, basic }: Access): readonly TwoSources[] {
  return [token, basic?.password].flatMap((files) => files ?? []);
}
