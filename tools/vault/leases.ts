import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { parseJson } from '../json.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { read, write } from '../operation.ts';
import { dataOf, VaultPath, vault, vaultText, vaultTimeoutMs } from './vault.ts';

/** `database/creds/readonly/2f6a614c…`: where it was had, and its id. It gives nothing to whoever knows it. */
const Lease = z.strictObject({ lease: VaultPath });
type Lease = z.infer<typeof Lease>;

/** Leases in an answer. */
const limit = 500;

export const leaseList = read({
  name: 'vault.lease_list',
  summary: 'Ids of the leases below a path, e.g. database/creds/readonly',
  input: z.strictObject({ prefix: VaultPath }),
  output: z.object({ leases: z.array(z.string()), /** Leases left out. */ omitted: z.number().int().nonnegative() }),
  command: ({ prefix }, site) => vault(site, ['list'], [], [`sys/leases/lookup/${prefix}/`]),
  // It ends with 2 and prints an empty object where there are none.
  answers: ({ exitCode, stdout }) => exitCode === 2 && stdout.trim() === '{}',
  parse: ({ stdout }) => {
    const all = stdout.trim() === '{}' ? [] : parseJson(z.array(z.string()), stdout);
    return { leases: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['list, sudo sys/leases/lookup/*'],
});

export const LeaseState = z.object({
  exists: z.boolean(),
  issuedAt: z.string(),
  expiresAt: z.string(),
  renewable: z.boolean(),
  ttlSeconds: z.number(),
});
type LeaseState = z.infer<typeof LeaseState>;

const Found = z.object({ issue_time: z.string(), expire_time: z.string().nullable(), renewable: z.boolean(), ttl: z.number() });
const none: LeaseState = { exists: false, issuedAt: '', expiresAt: '', renewable: false, ttlSeconds: 0 };
const unknown = /invalid lease|lease not found/;

export const leaseState = read({
  name: 'vault.lease_state',
  summary: 'Whether a lease holds, until when, and whether it can be renewed',
  input: Lease,
  output: LeaseState,
  command: ({ lease }, site) => vault(site, ['lease', 'lookup'], [], [lease]),
  answers: ({ stderr }) => unknown.test(stderr),
  parse: ({ stdout, stderr }) => {
    if (unknown.test(stderr)) return none;
    const { issue_time: issuedAt, expire_time, renewable, ttl } = dataOf(Found, stdout);
    return { exists: true, issuedAt, expiresAt: expire_time ?? '', renewable, ttlSeconds: ttl };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['update sys/leases/lookup'],
});

const stateOf = ({ lease }: Lease): OperationCall => ({ operation: 'vault.lease_state', input: { lease } });
const same = ({ issuedAt }: LeaseState): Expectation[] => [
  { pointer: '/exists', op: 'eq', value: true },
  { pointer: '/issuedAt', op: 'eq', value: issuedAt },
];
const check = (title: string, input: Lease, expect: Expectation[]) => ({
  ...{ title, ...stateOf(input), expect, withinSeconds: 30, stableSeconds: 0 },
});
const one = { targets: 1, replicas: 0, percent: 0 };
const longer = ({ expiresAt }: LeaseState): Expectation[] => [{ pointer: '/expiresAt', op: 'gt', value: expiresAt }];

export const leaseRenew = write({
  name: 'vault.lease_renew',
  tier: 'low',
  summary: 'Let a lease hold for longer, as far as its engine allows',
  input: Lease.extend({ seconds: z.int().min(60).max(86_400).optional().describe('From now on; unset: what its engine gives.') }),
  output: z.object({}),
  command: ({ lease, seconds }, site) => vault(site, ['lease', 'renew'], seconds === undefined ? [] : [`-increment=${seconds}s`], [lease]),
  noDryRunReason: 'vault lease renew has no dry run',
  parse: () => ({}),
  timeoutMs: vaultTimeoutMs,
  permissions: ['update sys/leases/renew'],
  state: stateOf,
  stateOutput: LeaseState,
  preconditions: (_input, before) => [...same(before), { pointer: '/renewable', op: 'eq', value: true }],
  impact: () => one,
  probe: (_input, before) => longer(before),
  verification: (input, before) => [check('The lease holds for longer', input, longer(before))],
  irreversibleReason: 'a lease cannot be made shorter; it ends by itself at its new time',
});

const gone: Expectation[] = [{ pointer: '/exists', op: 'eq', value: false }];

export const leaseRevoke = write({
  name: 'vault.lease_revoke',
  tier: 'high',
  summary: 'End a lease: what it gave, such as a database account, stops working at once',
  input: Lease,
  output: Message,
  command: ({ lease }, site) => vaultText(site, ['lease', 'revoke', '-sync=true', lease]),
  noDryRunReason: 'vault lease revoke has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: vaultTimeoutMs,
  // The second is OpenBao's.
  permissions: ['update sys/leases/revoke', 'update sys/leases/revoke/*'],
  state: stateOf,
  stateOutput: LeaseState,
  preconditions: (_input, before) => same(before),
  impact: () => one,
  probe: () => gone,
  verification: (input) => [check('The lease is over', input, gone)],
  irreversibleReason: 'credentials that were revoked do not come back: whoever used them has to ask for new ones',
});
