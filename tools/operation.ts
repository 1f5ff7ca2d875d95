import type { z } from 'zod';
import type { Check, Expectation, Impact, OperationCall, Tier } from './contract.ts';
import type { ListOutput } from './items.ts';
import type { SystemSettings } from './site.ts';

/** A program call: argv without a shell. `binary` is a name that the site resolves to an absolute path. */
export interface CliCommand {
  readonly kind: 'cli';
  readonly binary: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly bound?: Bound;
  /** Asked first: the program is not started where there is an objection. */
  readonly unless?: Objection;
  /** The program is started again until this holds of what it printed, or the time is over; the last answer counts. */
  readonly until?: (result: CommandResult) => boolean;
  /** It prints a list as JSON, which may be long. */
  readonly list?: ListOutput;
}

/** A question to the system, with the same credentials, before a program is started. */
export interface Objection {
  readonly command: CliCommand | HttpSequence;
  /** Null: there is none. */
  readonly objection: (result: CommandResult) => string | null;
}

/** What only the system knows, e.g. the id of what another step makes: read there, just before the program starts or the request is sent. */
export interface Bound {
  /** The whole argument as people approve it; of a request: a part of its path between slashes, or its whole body. */
  readonly placeholder: string;
  /** A read. */
  readonly command: CliCommand | HttpCommand | HttpSequence;
  /** Throws NotFound, OutputMalformed or Objected; the program is not started then. */
  readonly value: (result: CommandResult) => string;
}

/** A plain HTTP call to a base URL of the site's configuration; used where no CLI exists or is installed. */
export interface HttpCommand {
  readonly kind: 'http';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Name of the system whose API it is, e.g. `prometheus`. */
  readonly service: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
  /** Beside those of the system's API, which win. Never credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Something else than JSON, e.g. `image/png`: where it is answered, its bytes are read as base64, and kept in the typed output only. */
  readonly accept?: string;
  /** Of the answer; unset: what a parser may have to read. */
  readonly maxBytes?: number;
  readonly bound?: Bound;
  /** As of a program: sent again until this holds of the answer. Of reads only. */
  readonly until?: (result: CommandResult) => boolean;
}

/** What earlier requests were answered, by their names; null: not sent, or refused in a way that is an answer. */
export type Answers = Readonly<Record<string, unknown>>;

/** One request of several. */
export interface OneRequest {
  readonly name: string;
  /** Of a program what it prints is JSON, and nothing takes a place in it. */
  readonly command: CliCommand | HttpCommand;
  /** When it is sent, for people; unset: always. */
  readonly when?: string;
  /** What takes the place of a `slot` of its path, or of a `<word>` of its query; null: it is not sent. Throws OutputMalformed, NotFound or Objected. */
  readonly fill?: (answers: Answers) => Readonly<Record<string, string>> | null;
  /** A refusal that is an answer as well: what is asked for is not there, or what is to be made is there already. */
  readonly accepts?: (result: CommandResult) => boolean;
  /** Takes back what it has made, when a later one is refused. */
  readonly undo?: HttpCommand;
}

/** Requests, of one system as a rule, one after the other; what is printed is a JSON object of their answers. */
export interface HttpSequence {
  readonly kind: 'requests';
  readonly service: string;
  readonly of: readonly OneRequest[];
}

/** A look at a host from outside: where no system's own API is asked. Nothing but the command itself is sent. */
export interface ProbeCommand {
  readonly kind: 'probe';
  readonly what: 'http' | 'tls' | 'dns';
  readonly host: string;
  readonly port: number;
  readonly secure?: boolean;
  readonly method?: 'GET' | 'HEAD';
  /** With its query. */
  readonly path?: string;
  /** Of DNS. */
  readonly type?: string;
}

/** A file of a repository, and what is to be another in it. Null: the value is not there, or shall not be. */
export interface FileEdit {
  readonly file: string;
  /** What the file says after; throws EditRefused. */
  readonly apply: (text: string) => string;
}

/**
 * A change to a repository, by git in a private clone that is gone afterwards, and what the forge is told of it. `preview` shows it
 * and leaves no trace; `propose` pushes a branch and asks for it to be merged; `withdraw` takes that back.
 */
export interface GitCommand {
  readonly kind: 'git';
  readonly what: 'preview' | 'propose' | 'withdraw';
  /** Whose credentials it takes. */
  readonly service: string;
  readonly remote: string;
  readonly base: string;
  readonly branch: string;
  readonly edits: readonly FileEdit[];
  /** Of the commit. */
  readonly message: string;
  /** What the request says to its readers. */
  readonly description: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly forge: Forge;
}

/** A pull or merge request, as its forge numbers it. */
export interface ForgeRequest {
  readonly number: string;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
}

/** Calls of a forge; `number` and `commit` may be placeholders. */
export interface Forge {
  readonly open: CliCommand | HttpCommand;
  readonly opened: (result: CommandResult) => ForgeRequest;
  /** After it was opened; `commit`: what may be merged. */
  readonly merge: ((number: string, commit: string) => CliCommand | HttpCommand) | null;
  /** Asked before: a forge may need a moment to know whether it can merge. */
  readonly ready?: (number: string) => CliCommand | HttpCommand;
  /** The newest request of a branch. */
  readonly find: (branch: string) => CliCommand | HttpCommand;
  readonly found: (result: CommandResult) => ForgeRequest | null;
  readonly close: (number: string) => CliCommand | HttpCommand;
}

export type Command = CliCommand | HttpCommand | HttpSequence | ProbeCommand | GitCommand;

/** What of the site an operation may know when it builds its command line: paths of credentials at most, never what they hold. */
export interface SiteFacts extends SystemSettings {
  readonly name: string;
  /** Base URL of a system's API, e.g. of `prometheus`; null: not configured. */
  url(system: string): string | null;
  /** Whether a binary of that name was found. */
  has(binary: string): boolean;
}

/** What came back, before redaction. Parsers must not keep more of it than the typed output needs. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface OperationBase<I, O> {
  readonly name: string;
  readonly tier: Tier;
  readonly summary: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  /** First choice first; the runner takes the first whose binary exists, or the HTTP call. */
  command(input: I, site: SiteFacts): Command;
  /** Typed output of a successful command. Throws OutputMalformed when the program printed something else. */
  parse(result: CommandResult, input: I): O;
  /** Shortens the typed output once it is redacted: half a secret is one that no rule knows. Unset: it is short, or cut between words. */
  cut?(output: O): O;
  /** Whether what a program printed is an answer although it ended with another code than 0, or an API answered a status of 400 or more. */
  readonly answers?: (result: CommandResult) => boolean;
  /** What the program prints may hold credentials beside what the typed output keeps: no observation has it. */
  readonly outputOnly?: true;
  /** The part that an observation keeps of long output; unset: the start. */
  readonly keeps?: 'start' | 'end';
  /** Milliseconds; the call's deadline wins when it is nearer. */
  readonly timeoutMs: number;
  /** Kubernetes verbs, IAM actions …: what least privilege needs. */
  readonly permissions: readonly string[];
}

export interface ReadOperation<I, O> extends OperationBase<I, O> {
  readonly kind: 'read';
  readonly tier: 'read';
}

/** A write shows what it would do, or says why it cannot. */
export type DryRun<I> =
  | { readonly dryRun: (input: I, site: SiteFacts) => Command; readonly noDryRunReason?: never }
  | { readonly dryRun?: never; readonly noDryRunReason: string };

/** A write knows its inverse, or says why there is none. `before` is the output of its state operation before the write. */
export type Rollback<I, S> =
  | { readonly rollback: (input: I, before: S) => OperationCall; readonly irreversibleReason?: never }
  | { readonly rollback?: never; readonly irreversibleReason: string };

/** What only the plan knows of a step. */
export interface PlannedStep {
  readonly plan: string;
  readonly step: string;
  /** What led to the plan, a line each, redacted. */
  readonly evidence: readonly string[];
}

interface WriteBase<I, O, S> extends OperationBase<I, O> {
  /** Completes a proposed input by what the plan knows; unset: the input says all. */
  readonly planned?: (input: Record<string, unknown>, of: PlannedStep) => Record<string, unknown>;
  readonly tier: 'low' | 'medium' | 'high';
  /** The read operation whose output is the state that this write changes: evidence before, probe, verification. */
  readonly state: (input: I) => OperationCall;
  readonly stateOutput: z.ZodType<S>;
  /** Reads that print the target as it is and as it would be, for a person to see the difference; `after` null: the dry run prints that. */
  readonly comparison?: (input: I, before: S) => { readonly now: OperationCall; readonly after: OperationCall | null };
  /** What must still hold of the state immediately before the write (target UID, generation, revision). */
  readonly preconditions: (input: I, before: S) => readonly Expectation[];
  /** What holds of the state once the effect is there: asked before every retry. */
  readonly probe: (input: I, before: S) => readonly Expectation[];
  /**
   * What holds of the state as long as nothing of the write has happened, not even in part: asked after a failure. Unset: the preconditions,
   * for a write that happens as a whole or not at all; null: the state cannot tell.
   */
  readonly untouched?: (input: I, before: S) => readonly Expectation[] | null;
  /** What holds of the state where the write has failed in part, and can be taken back from there. Unset: only a whole one is taken back. */
  readonly partly?: (input: I, before: S) => readonly Expectation[];
  /** What of a dry run's output is shown and compared: the rest changes with the time. Unset: all of it. */
  readonly dryRunText?: (result: CommandResult) => string;
  /** What of Git owns its target and would undo it, for people; null: nothing does. Undefined: the state does not say, which policy refuses. Unset: it contradicts nothing that Git says. */
  readonly gitOwner?: (before: S) => string | null | undefined;
  /** How much of the system it changes: budgets limit it. */
  readonly impact: (input: I, before: S) => Impact;
  /** What is checked after the write; a plan may add checks, never remove these. */
  readonly verification: (input: I, before: S) => readonly Check[];
}

export type WriteOperation<I, O, S> = WriteBase<I, O, S> & DryRun<I> & Rollback<I, S> & { readonly kind: 'write' };

// biome-ignore lint/suspicious/noExplicitAny: a registry holds operations of all inputs and outputs; zod checks each at its edge.
export type AnyOperation = ReadOperation<any, any> | WriteOperation<any, any, any>;

export function read<I, O>(operation: Omit<ReadOperation<I, O>, 'kind' | 'tier'>): ReadOperation<I, O> {
  return { ...operation, kind: 'read', tier: 'read' };
}

export function write<I, O, S>(operation: WriteBase<I, O, S> & DryRun<I> & Rollback<I, S>): WriteOperation<I, O, S> {
  return { ...operation, kind: 'write' };
}
