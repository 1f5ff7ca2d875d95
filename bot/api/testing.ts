import type { LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { createRegistry } from '../../tools/registry.ts';
import { createBreakGlass } from '../approvals/break-glass.ts';
import { createReview } from '../approvals/break-glass-review.ts';
import { createDirectory } from '../people.ts';
import { createLivePolicy } from '../policy/live.ts';
import type { Incidents, ReadOutcome, VoteOutcome, VoteRequest, Votes } from '../ports.ts';
import { StoreUnavailable } from '../store/errors.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createApi } from './app.ts';
import { createRates } from './conduct/rate.ts';
import { HttpSettings } from './conduct/settings.ts';
import type { Api, ApiOptions, Readiness } from './context.ts';
import { createAuthenticator, Scope } from './principal.ts';

/** What a test sets, and what it may look at. */
export interface Controls {
  readiness: () => Promise<Readiness>;
  /** What the vote path answers. */
  outcome: VoteOutcome;
  /** What the runners answer. */
  read: ReadOutcome;
  /** Incidents are opened, and the connection is lost before anybody knows. */
  lostAfterOpen: boolean;
  readonly asked: VoteRequest[];
  readonly logged: string[];
}

interface CallOptions {
  readonly token?: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApi {
  readonly db: TestDatabase;
  readonly store: Store;
  readonly api: Api;
  readonly controls: Controls;
  /** Holds every scope. */
  readonly admin: string;
  tokenWith(...scopes: readonly Scope[]): Promise<string>;
  call(method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'DELETE', url: string, options?: CallOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

function incidentsOn(store: Store, controls: Controls): Incidents {
  return {
    async open({ by, ...request }) {
      const { incident } = await store.incidents.open(newIncident(request), by ?? alice);
      if (controls.lostAfterOpen) throw new StoreUnavailable('unreachable', new Error('made up'));
      return incident;
    },
    cancel: (id, by) => store.incidents.requestCancel(id, typeof by === 'string' ? { kind: 'person', id: by } : by),
  };
}

function votesFor(controls: Controls): Votes {
  return {
    async cast(request) {
      controls.asked.push(request);
      return controls.outcome;
    },
  };
}

/** The API on a database of its own; the vote path is the test's to answer for, unless `parts` has another one. */
export async function createTestApi(
  parts: (db: TestDatabase, store: Store) => Promise<Partial<ApiOptions>> = async () => ({}),
): Promise<TestApi> {
  const db = await createTestDatabase();
  const store = db.store();
  const controls: Controls = {
    readiness: async () => ({ ok: true, parts: { database: { ok: true } } }),
    outcome: { kind: 'refused', code: 'not_allowed', message: 'Service tokens do not vote.' },
    read: { kind: 'refused', code: 'unknown_site', message: 'There are no sites here.', errors: [] },
    lostAfterOpen: false,
    asked: [],
    logged: [],
  };
  const policy = await createLivePolicy({ committed: await loadCommittedPolicy(), log: silent });
  const approvals = { pool: db.pool, store, policy, directory: createDirectory([]), settings: { roles: ['approver'], maxMinutes: 60 } };
  const { http = HttpSettings.parse({}), ...given } = await parts(db, store);
  const api = await createApi({
    store,
    votes: votesFor(controls),
    breakGlass: { ...createBreakGlass(approvals), ...createReview(approvals) },
    incidents: incidentsOn(store, controls),
    reads: { read: async () => controls.read },
    policy,
    registry: createRegistry(),
    prompts: createLlmPrompts({ db: db.pool, key: new Uint8Array(32), days: 1, now: store.now }),
    authenticate: createAuthenticator(store.tokens, null),
    signIn: null,
    ready: () => controls.readiness(),
    metrics: new Registry(),
    people: createDirectory([{ id: 'alice', name: 'Alice', roles: ['responder'] }]),
    http,
    rates: createRates(http.limits),
    publicUrl: null,
    log: pino({ level: 'debug' }, { write: (line: string) => controls.logged.push(line) }),
    ...given,
  });
  const tokenWith = async (...scopes: readonly Scope[]) =>
    (await store.tokens.create({ name: scopes.join(), scopes, expiresAt: null }, alice)).secret;
  return {
    db,
    store,
    api,
    controls,
    admin: await tokenWith(...Scope.options),
    tokenWith,
    call: (method, url, options = {}) =>
      api.inject({
        method,
        url,
        headers: { ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }), ...options.headers },
        ...(options.body === undefined ? {} : { payload: options.body }),
      }),
    async close() {
      await api.close();
      await db.close();
    },
  };
}
