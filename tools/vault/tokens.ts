import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { argument } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { read, write } from '../operation.ts';
import { dataOf, vault, vaultText, vaultTimeoutMs } from './vault.ts';

/** Names a token without being one: with it a token is looked up and revoked, nothing more. */
const Accessor = argument(100).regex(/^[A-Za-z0-9][A-Za-z0-9.-]{7,99}$/, 'must be the accessor of a token');
const Token = z.strictObject({ accessor: Accessor });
type Token = z.infer<typeof Token>;

const TokenState = z.object({
  exists: z.boolean(),
  displayName: z.string(),
  /** Where it was had. */
  path: z.string(),
  policies: z.array(z.string()),
  createdAt: z.number(),
  expiresAt: z.string().nullable(),
  orphan: z.boolean(),
  type: z.string(),
});
type TokenState = z.infer<typeof TokenState>;

const Found = z.object({
  display_name: z.string(),
  path: z.string(),
  policies: z.array(z.string()),
  identity_policies: z.array(z.string()).optional(),
  creation_time: z.number(),
  expire_time: z.string().nullable(),
  orphan: z.boolean(),
  type: z.string(),
});

const none: TokenState = {
  ...{ exists: false, displayName: '', path: '', policies: [], createdAt: 0, expiresAt: null, orphan: false, type: '' },
};
const unknown = /invalid accessor/;

export const tokenState = read({
  name: 'vault.token_state',
  summary: 'Whose a token is, by its accessor: where it was had, its policies, how long it holds',
  input: Token,
  output: TokenState,
  command: ({ accessor }, site) => vault(site, ['token', 'lookup'], ['-accessor'], [accessor]),
  answers: ({ stderr }) => unknown.test(stderr),
  parse: ({ stdout, stderr }) => {
    if (unknown.test(stderr)) return none;
    const { display_name, path, policies, identity_policies = [], creation_time, expire_time, orphan, type } = dataOf(Found, stdout);
    return {
      ...{ exists: true, displayName: display_name, path, policies: [...policies, ...identity_policies], orphan, type },
      ...{ createdAt: creation_time, expiresAt: expire_time },
    };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['update auth/token/lookup-accessor'],
});

const stateOf = ({ accessor }: Token): OperationCall => ({ operation: 'vault.token_state', input: { accessor } });
const gone: Expectation[] = [{ pointer: '/exists', op: 'eq', value: false }];

export const tokenRevoke = write({
  name: 'vault.token_revoke',
  tier: 'high',
  summary: 'End a token, those that were had with it, and all their leases, by its accessor',
  input: Token,
  output: Message,
  command: ({ accessor }, site) => vaultText(site, ['token', 'revoke', '-accessor', accessor]),
  noDryRunReason: 'vault token revoke has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: vaultTimeoutMs,
  permissions: ['update auth/token/revoke-accessor'],
  state: stateOf,
  stateOutput: TokenState,
  preconditions: (_input, { createdAt, path }) => [
    { pointer: '/exists', op: 'eq', value: true },
    { pointer: '/createdAt', op: 'eq', value: createdAt },
    { pointer: '/path', op: 'eq', value: path },
  ],
  // Of tokens and leases below it nobody knows how many there are.
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => gone,
  verification: (input) => [{ title: 'The token is over', ...stateOf(input), expect: gone, withinSeconds: 30, stableSeconds: 0 }],
  irreversibleReason: 'a token that was revoked does not come back: whoever used it has to sign in again',
});
