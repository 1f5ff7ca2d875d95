import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { read, write } from '../operation.ts';
import { boundary, boundaryTimeoutMs, itemOf, itemsOf, listed, one, ScopeId, SessionId } from './boundary.ts';

/** Of a session never more than this: its certificate and its credentials are for the one who asked for it. */
const Session = z.object({
  ...{ id: z.string(), status: z.string(), user_id: z.string().default(''), target_id: z.string().default('') },
  ...{ endpoint: z.string().default(''), created_time: z.string(), expiration_time: z.string().default('') },
  ...{ type: z.string().default(''), termination_reason: z.string().default('') },
});

const SessionState = z.object({
  id: z.string(),
  /** `pending`, `active`, `canceling` or `terminated`. */
  status: z.string(),
  over: z.boolean(),
  ...{ user: z.string(), target: z.string(), endpoint: z.string(), createdAt: z.string(), expiresAt: z.string(), reason: z.string() },
});
type SessionState = z.infer<typeof SessionState>;

function stateOf({ id, status, user_id: user, target_id: target, endpoint, ...session }: z.infer<typeof Session>): SessionState {
  return {
    ...{ id, status, over: status === 'canceling' || status === 'terminated', user, target, endpoint },
    ...{ createdAt: session.created_time, expiresAt: session.expiration_time, reason: session.termination_reason },
  };
}

export const sessionList = read({
  name: 'boundary.session_list',
  summary: 'Sessions below a scope: whose they are, where they lead, until when',
  input: z.strictObject({ scope: ScopeId.default('global') }),
  output: z.object({ sessions: z.array(SessionState), omitted: z.number().int().nonnegative() }),
  command: ({ scope }, site) => listed(site, 'sessions', scope),
  parse: ({ stdout }) => {
    const { items, omitted } = itemsOf(Session, stdout);
    return { sessions: items.map(stateOf), omitted };
  },
  outputOnly: true,
  timeoutMs: boundaryTimeoutMs,
  permissions: ['list,read session'],
});

const Input = z.strictObject({ session: SessionId });
type Input = z.infer<typeof Input>;

export const sessionState = read({
  name: 'boundary.session_state',
  summary: 'Whether a session is pending, active or over, and whose it is',
  input: Input,
  output: SessionState,
  command: ({ session }, site) => one(site, 'sessions', session),
  parse: ({ stdout }) => stateOf(itemOf(Session, stdout)),
  outputOnly: true,
  timeoutMs: boundaryTimeoutMs,
  permissions: ['read session'],
});

const call = ({ session }: Input): OperationCall => ({ operation: 'boundary.session_state', input: { session } });
const over: Expectation[] = [{ pointer: '/over', op: 'eq', value: true }];

export const sessionCancel = write({
  name: 'boundary.session_cancel',
  tier: 'medium',
  summary: 'End a session and all its connections',
  input: Input,
  output: z.object({ status: z.string() }),
  command: ({ session }, site) => boundary(site, ['sessions', 'cancel'], [`-id=${session}`]),
  noDryRunReason: 'boundary sessions cancel has no dry run',
  parse: ({ stdout }) => ({ status: itemOf(Session, stdout).status }),
  outputOnly: true,
  timeoutMs: boundaryTimeoutMs,
  permissions: ['read,cancel session'],
  state: call,
  stateOutput: SessionState,
  preconditions: (_input, { user, target, createdAt }) => [
    { pointer: '/over', op: 'eq', value: false },
    { pointer: '/user', op: 'eq', value: user },
    { pointer: '/target', op: 'eq', value: target },
    { pointer: '/createdAt', op: 'eq', value: createdAt },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => over,
  verification: (input) => [{ title: 'The session is over', ...call(input), expect: over, withinSeconds: 60, stableSeconds: 0 }],
  irreversibleReason: 'a session that was ended does not come back: who needs one asks for another',
});
