import { z } from 'zod';
import type { Take } from '../conduct/rate.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { Problem } from '../problem.ts';

/** How a program signs a person in for this API. */
export const SignInAnswer = z.object({
  issuer: z.string(),
  /** Of the command line: a client without a secret. */
  clientId: z.string(),
  /** What access tokens must be for. */
  audience: z.string(),
  scopes: z.array(z.string()),
});
export type SignInAnswer = z.infer<typeof SignInAnswer>;

/** Without a token: who has none yet asks it. */
export function authRoutes(api: Routes, { signIn }: ApiOptions, take: Take): void {
  api.get(
    '/v1/auth',
    { schema: { summary: 'Where people sign in', security: [], response: { 200: SignInAnswer } } },
    async (request, reply) => {
      reply.headers(await take(request.ip));
      if (signIn === null)
        throw new Problem(404, 'no_sign_in', 'People cannot sign in here: no identity provider is configured (OIDC_ISSUER).');
      return reply.header('cache-control', 'no-store').send(signIn);
    },
  );
}
