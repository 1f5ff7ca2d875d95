import { z } from 'zod';

/**
 * The tool bus: what travels between a workflow and the runner of a site.
 * Version 1. A runner refuses a call of another version.
 */
export const contractVersion = 1;

/** Property of an operation and its target; never of what a model says. */
export const Tier = z.enum(['read', 'low', 'medium', 'high']);
export type Tier = z.infer<typeof Tier>;

/** `system.verb_noun`, e.g. `kubernetes.rollout_undo`. */
export const OperationName = z.string().regex(/^[a-z][a-z0-9]*\.[a-z][a-z0-9_]*$/);

/** Lower-case hexadecimal SHA-256. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** RFC 3339 instant in UTC with milliseconds. */
export const Instant = z.iso.datetime();

export const SiteName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** One operation with its input, not yet bound to a call. */
export const OperationCall = z.object({ operation: OperationName, input: z.record(z.string(), z.unknown()) });
export type OperationCall = z.infer<typeof OperationCall>;

/** How much a write changes: things that it names, replicas that it starts, stops or replaces, and how much of the workload those are. */
export const Impact = z.strictObject({
  targets: z.number().int().nonnegative(),
  replicas: z.number().int().nonnegative(),
  percent: z.number().int().min(0).max(100),
});
export type Impact = z.infer<typeof Impact>;

/**
 * A claim about an operation's output: the value at an RFC 6901 pointer compared with a literal.
 * A pointer that leads nowhere fails every comparison except `absent`.
 */
export const Expectation = z.object({
  pointer: z.string(),
  op: z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'absent']),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** A read operation and what its output must satisfy; polled until it holds for `stableSeconds`, at most `withinSeconds`. */
export const Check = z.object({
  title: z.string(),
  operation: OperationName,
  input: z.record(z.string(), z.unknown()),
  expect: z.array(Expectation).min(1),
  withinSeconds: z.number().int().positive(),
  stableSeconds: z.number().int().nonnegative(),
  /** It and those that follow are asked once all before it hold; their time begins then. Absent: beside those before it. */
  afterOthers: z.boolean().optional(),
  /** It waits for people, who are told and may stop it. Where one of these holds they decided against it: it fails at once. */
  decidedAgainst: z.array(Expectation).optional(),
});
export type Check = z.infer<typeof Check>;

/**
 * `run` executes; `dry_run` asks the system what a write would do, without a grant and without effect;
 * `render` executes nothing: the output is the `Via` that `run` would have at this site.
 */
export const CallMode = z.enum(['run', 'dry_run', 'render']);
export type CallMode = z.infer<typeof CallMode>;

/** In place of an incident's id: a read that somebody asked for by itself. */
export const noIncident = 'none';

export const ToolCall = z.object({
  version: z.literal(contractVersion),
  callId: z.string().min(1).max(200),
  incidentId: z.string().min(1).max(100),
  site: SiteName,
  operation: OperationName,
  input: z.record(z.string(), z.unknown()),
  mode: CallMode,
  deadline: Instant,
  /** Compact JWS; needed by every write in mode `run`. */
  grant: z.string().optional(),
  /** Hash of the registry that the caller decided by; a runner with another one refuses. Needed by every write in mode `run`. */
  registry: Sha256.optional(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const ToolErrorCode = z.enum([
  'unknown_operation',
  'bad_input',
  'bad_contract',
  'version_skew',
  'grant_missing',
  'grant_invalid',
  'grant_claimed',
  'ledger_unavailable',
  'cli_missing',
  'busy',
  'context_unknown',
  'forbidden',
  'not_found',
  'unreachable',
  'throttled',
  'timeout',
  'cancelled',
  'output_too_large',
  'output_malformed',
  'failed',
]);
export type ToolErrorCode = z.infer<typeof ToolErrorCode>;

/**
 * The answer holds ids and small values only. `output` is the operation's typed, redacted output when its JSON is at most
 * `inlineOutputBytes`; the whole is in the observation.
 */
export const inlineOutputBytes = 16_384;

export const ToolAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), callId: z.string(), observation: Sha256, output: z.unknown().optional() }),
  z.object({ status: z.literal('error'), callId: z.string(), observation: Sha256.nullable(), code: ToolErrorCode, message: z.string() }),
]);
export type ToolAnswer = z.infer<typeof ToolAnswer>;

const CliVia = z.object({ kind: z.literal('cli'), binary: z.string(), argv: z.array(z.string()), stdinSha256: Sha256.nullable() });
const HttpVia = z.object({ kind: z.literal('http'), method: z.string(), url: z.string(), bodySha256: Sha256.nullable() });

/** One program or request of several. `when`: only then; null: always. What one of them learns stands as `<name>` in those that follow. */
const OneOf = z.object({ when: z.string().nullable(), via: z.discriminatedUnion('kind', [CliVia, HttpVia]) });

/** How the answer was had. argv as executed (redacted), the HTTP request, or several of these one after the other. */
export const Via = z.discriminatedUnion('kind', [CliVia, HttpVia, z.object({ kind: z.literal('sequence'), of: z.array(OneOf) })]);
export type Via = z.infer<typeof Via>;

/** One redacted piece of evidence. Its id is the SHA-256 of the RFC 8785 form of this object. */
export const Observation = z.object({
  version: z.literal(contractVersion),
  callId: z.string(),
  incidentId: z.string(),
  site: SiteName,
  operation: OperationName,
  mode: CallMode,
  input: z.record(z.string(), z.unknown()),
  via: Via,
  startedAt: Instant,
  finishedAt: Instant,
  /** Milliseconds that the call waited for its turn at the system before it was started; absent: it did not have to. */
  waitedMs: z.number().int().positive().optional(),
  status: z.enum(['ok', 'error']),
  errorCode: ToolErrorCode.nullable(),
  exitCode: z.number().int().nullable(),
  /** Typed output, null on error. */
  output: z.unknown(),
  /** What the program printed: redacted, without ANSI and control characters, cut at the output limit with a visible note. */
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  redactions: z.number().int().nonnegative(),
  redactionVersion: z.string(),
});
export type Observation = z.infer<typeof Observation>;

/** Claims of a grant (JWS payload, alg EdDSA, `kid` in the header). Times in seconds since the epoch; `exp - iat` is at most 300. */
export const GrantClaims = z.object({
  jti: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  requestHash: Sha256,
  planId: z.string(),
  stepId: z.string(),
  operation: OperationName,
  /** SHA-256 of the RFC 8785 form of the input. */
  inputSha256: Sha256,
  site: SiteName,
  policyBundle: Sha256,
});
export type GrantClaims = z.infer<typeof GrantClaims>;
