import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import type { Observation } from '../../tools/contract.ts';
import type { GrantRefusal } from '../../tools/grant-refusal.ts';
import type { Redactor } from '../../tools/ports.ts';
import type { DecisionStore, FindingStore, LookStore, ObservationStore } from '../../workflows/ports.ts';
import type { Peer } from '../mirrors/routes.ts';
import type { InboxEvent } from '../ports.ts';
import { createAlertStore } from './alert-store.ts';
import type { Actor } from './audit.ts';
import type { AuditFilter } from './audit-filter.ts';
import { type AuditEntry, type AuditPlace, listAudit, streamAudit } from './audit-list.ts';
import { type DecisionFilter, listDecisions, type RecordedDecision, recordDecisions } from './decisions.ts';
import { NotFound } from './errors.ts';
import { listFindings, saveFindings } from './findings.ts';
import { claim, recordRefusal } from './grant-store.ts';
import * as inbox from './inbox.ts';
import { createIncidentStore, type Incidents } from './incident-store.ts';
import * as labels from './linear-labels.ts';
import { incidentOfLinearSession, linearSessionsOf } from './linear-sessions.ts';
import { beginLook } from './looks.ts';
import { createMemoryStore, type Memories } from './memories.ts';
import * as links from './mirror-links.ts';
import { type Queue, type Subscription, subscribe } from './notify.ts';
import { getObservation, listObservations, type ObservationHead, observationHeads, putObservation } from './observations.ts';
import * as outbox from './outbox.ts';
import { leaseOutbox } from './outbox-lease.ts';
import { listOutbox, type OutboxFilter, outboxDepth } from './outbox-view.ts';
import { createPlanStore, type Plans } from './plan-store.ts';
import { createPlaybookStore, type PlaybookStore } from './playbooks.ts';
import { inTransaction } from './pool.ts';
import { createReadLane, type ReadLane } from './read-lane.ts';
import { createRecorder, type Recorder, system } from './record.ts';
import * as files from './slack-files.ts';
import { getSlackPost, putSlackPost, type SlackPost, slackPostsUnder } from './slack-posts.ts';
import { type Db, sql } from './sql.ts';
import * as tokens from './tokens.ts';
import { listVotes, voteOf } from './votes.ts';

export interface StoreOptions {
  /** From `createPool`. */
  readonly pool: DatabasePool;
  /** Lists and exports: on a pool of their own, so that nothing else waits for them; on `pool` unless given. */
  readonly reads?: ReadLane;
  readonly redact: Redactor;
  readonly now: () => Date;
  readonly log: Logger;
  /** Mirrors that are configured. */
  readonly sinks: readonly Peer[];
  /** Seconds for which decisions wait to become one message; 10 unless given. */
  readonly patience?: number;
  /** Days for which incidents are remembered; 365 unless given. */
  readonly memoryDays?: number;
}

export interface Observations extends ObservationStore {
  /** As `put`, for a runner that posts with its own token. */
  putBy(observation: Observation, actor: Actor): Promise<string>;
  /** In the order in which they came. */
  heads(incidentId: string): Promise<readonly ObservationHead[]>;
}

export interface Decisions extends DecisionStore {
  /** Newest first, those before the one with the id `before`. */
  list(filter: DecisionFilter, before: string | null, limit: number): Promise<readonly RecordedDecision[]>;
}

/** Everything that is kept. What changes the state of an incident or plan writes its audit entry in the same transaction. */
export interface Store {
  readonly pool: DatabasePool;
  /** For lists and exports that people and programs ask for. */
  readonly reads: ReadLane;
  /** For callers that change several things in one transaction (`inTransaction`); call it after the changes. */
  readonly record: Recorder;
  readonly redact: Redactor;
  readonly now: () => Date;
  readonly incidents: Incidents;
  readonly looks: LookStore;
  readonly observations: Observations;
  readonly findings: FindingStore;
  readonly plans: Plans;
  readonly playbooks: PlaybookStore;
  readonly memories: Memories;
  readonly decisions: Decisions;
  readonly votes: ReturnType<typeof createVotes>;
  readonly grants: ReturnType<typeof createGrants>;
  readonly inbox: ReturnType<typeof createInbox>;
  readonly outbox: ReturnType<typeof createOutbox>;
  readonly mirrorLinks: ReturnType<typeof createMirrorLinks>;
  readonly linearLabels: ReturnType<typeof createLinearLabels>;
  readonly linearSessions: {
    of(incidentId: string): Promise<readonly string[]>;
    incidentOf(sessionId: string): Promise<string | null>;
  };
  readonly alerts: ReturnType<typeof createAlertStore>;
  readonly tokens: ReturnType<typeof createTokens>;
  readonly slackFiles: ReturnType<typeof createSlackFiles>;
  readonly slackPosts: {
    get(key: string): Promise<SlackPost | null>;
    /** Those whose key starts with `prefix`. */
    under(prefix: string): Promise<readonly SlackPost[]>;
    put(post: SlackPost): Promise<void>;
  };
  readonly audit: {
    list(filter: AuditFilter, after: AuditPlace, limit: number): Promise<readonly AuditEntry[]>;
    stream(filter: AuditFilter, after?: AuditPlace): AsyncGenerator<AuditEntry>;
  };
  /** Called soon after a row is committed to a queue; a hint only. */
  onNotify(listener: (queue: Queue) => void): Subscription;
  /** Throws StoreUnavailable. */
  ping(): Promise<void>;
}

function createVotes(pool: DatabasePool) {
  return {
    list: (planId: string) => listVotes(pool, planId),
    of: (planId: string, requestHash: string, person: string) => voteOf(pool, planId, requestHash, person),
  };
}

function createGrants(pool: DatabasePool, record: Recorder) {
  return {
    /** Throws NotFound for a grant that was never issued; that is audited all the same. */
    async claim(jti: string, actor: Actor, runner: string) {
      const result = await inTransaction(pool, (tx) => claim(tx, record, jti, actor, runner));
      if (result.kind === 'unknown') throw new NotFound('grant', jti);
      return result;
    },
    refused: (jti: string | null, actor: Actor, refusal: GrantRefusal) =>
      inTransaction(pool, (tx) => recordRefusal(tx, record, jti, actor, refusal)),
  };
}

function createInbox(pool: DatabasePool, redact: Redactor) {
  const leaseSeconds = 30;
  return {
    /** True when new; on disk when it answers. */
    receive: (event: InboxEvent) => inbox.insertEvent(pool, event, redact),
    lease: (limit: number, seconds = leaseSeconds) => inbox.leaseEvents(pool, limit, seconds),
    handled: (id: number) => inbox.eventHandled(pool, id),
    failed: (id: number, error: string, nextAt: Date) => inbox.eventFailed(pool, id, redact.text(error).text, nextAt),
    nextAt: () => inbox.eventsNextAt(pool),
  };
}

function createOutbox(pool: DatabasePool, reads: Db, record: Recorder, redact: Redactor) {
  const leaseSeconds = 60;
  return {
    lease: (sink: outbox.Sink, limit: number, seconds = leaseSeconds) => inTransaction(pool, (tx) => leaseOutbox(tx, sink, limit, seconds)),
    sent: (ids: readonly number[], peerId: string | null) => outbox.outboxSent(pool, ids, peerId),
    maybeSent: (ids: readonly number[], at: Date | null) => outbox.outboxMaybeSent(pool, ids, at),
    failed: (ids: readonly number[], error: string, nextAt: Date) => outbox.outboxFailed(pool, ids, redact.text(error).text, nextAt),
    refused: (ids: readonly number[], error: string) => outbox.outboxRefused(pool, ids, redact.text(error).text),
    retry: (id: number, actor: Actor) => inTransaction(pool, (tx) => outbox.retryRefused(tx, record, id, actor)),
    list: (filter: OutboxFilter, after: number, limit: number) => listOutbox(reads, filter, after, limit),
    depth: () => outboxDepth(pool),
  };
}

function createMirrorLinks(pool: DatabasePool) {
  return {
    put: (link: links.MirrorLink) => links.putMirrorLink(pool, link),
    list: (incidentId: string) => links.listMirrorLinks(pool, incidentId),
    told: (link: links.MirrorLink, told: links.Told) => links.setTold(pool, link, told),
    to: (sink: Peer, externalId: string) => links.mirrorLinksTo(pool, sink, externalId),
  };
}

function createLinearLabels(pool: DatabasePool) {
  const leaseSeconds = 60;
  return {
    claim: (key: labels.LabelKey, incidentId: string) => labels.claimLabel(pool, key, incidentId, leaseSeconds),
    settle: (key: labels.LabelKey, result: labels.LabelResult) => labels.settleLabel(pool, key, result),
    release: (key: labels.LabelKey) => labels.releaseLabel(pool, key),
  };
}

function createSlackFiles(pool: DatabasePool) {
  const leaseSeconds = 60;
  return {
    shared: (keys: readonly string[]) => files.sharedSlackFiles(pool, keys),
    claim: (key: string) => files.claimSlackFile(pool, key, leaseSeconds),
    uploaded: (key: string, file: string) => files.slackFileUploaded(pool, key, file),
    settle: (key: string, permalink: string | null) => files.slackFileShared(pool, key, permalink),
    release: (key: string) => files.releaseSlackFile(pool, key),
  };
}

function createTokens(pool: DatabasePool, record: Recorder, now: () => Date) {
  return {
    create: (request: tokens.NewToken, actor: Actor) => inTransaction(pool, (tx) => tokens.createToken(tx, record, request, now(), actor)),
    verify: (secret: string) => tokens.verifyToken(pool, secret, now()),
    makerOf: (id: string) => tokens.tokenMaker(pool, id),
    revoke: (id: string, actor: Actor) => inTransaction(pool, (tx) => tokens.revokeToken(tx, record, id, now(), actor)),
    list: (after?: string | null, limit?: number) => tokens.listTokens(pool, after, limit),
  };
}

const patienceSeconds = 10;

export function createStore(options: StoreOptions): Store {
  const { pool, redact, now, log, reads = createReadLane(pool) } = options;
  const record = createRecorder({ ...options, patience: options.patience ?? patienceSeconds });
  const putBy = (observation: Observation, actor: Actor) => inTransaction(pool, (tx) => putObservation(tx, record, observation, actor));
  return {
    pool,
    reads,
    record,
    redact,
    now,
    incidents: createIncidentStore(pool, { record, redact, now }, reads.db),
    looks: { begin: (incidentId, number) => inTransaction(pool, (tx) => beginLook(tx, record, incidentId, number)) },
    observations: {
      put: (observation) => putBy(observation, system),
      putBy,
      get: (id) => getObservation(pool, id),
      listForIncident: (id) => listObservations(pool, id),
      heads: (id) => observationHeads(pool, id),
    },
    findings: {
      save: (incidentId, found) => inTransaction(pool, (tx) => saveFindings(tx, record, incidentId, found, system)),
      listForIncident: (incidentId) => listFindings(pool, incidentId),
    },
    plans: createPlanStore(pool, { record, redact, now }),
    playbooks: createPlaybookStore(pool, record),
    memories: createMemoryStore(pool, { record, redact, now }, options.memoryDays ?? 365),
    decisions: {
      record: (decisions) => inTransaction(pool, (tx) => recordDecisions(tx, { record, redact, now }, decisions)),
      list: (filter, before, limit) => listDecisions(reads.db, filter, before, limit),
    },
    votes: createVotes(pool),
    grants: createGrants(pool, record),
    inbox: createInbox(pool, redact),
    outbox: createOutbox(pool, reads.db, record, redact),
    mirrorLinks: createMirrorLinks(pool),
    linearLabels: createLinearLabels(pool),
    linearSessions: {
      of: (incidentId) => linearSessionsOf(pool, incidentId),
      incidentOf: (sessionId) => incidentOfLinearSession(pool, sessionId),
    },
    alerts: createAlertStore(pool, redact),
    tokens: createTokens(pool, record, now),
    slackFiles: createSlackFiles(pool),
    slackPosts: {
      get: (key) => getSlackPost(pool, key),
      under: (prefix) => slackPostsUnder(pool, prefix),
      put: (post) => putSlackPost(pool, post),
    },
    audit: {
      list: (filter, after, limit) => listAudit(pool, filter, after, limit),
      stream: (filter, after) => streamAudit(pool, filter, after),
    },
    onNotify: (listener) => subscribe(pool.configuration.connectionUri, log, listener),
    async ping() {
      await pool.oneFirst(sql.type(z.object({ one: z.number() }))`SELECT 1 AS one`);
    },
  };
}
