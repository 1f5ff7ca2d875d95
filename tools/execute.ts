import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorityIn } from './authority.ts';
import type { ToolErrorCode } from './contract.ts';
import type { Credentials } from './credentials.ts';
import { NotFound, Objected, OutputMalformed, SiteIncomplete } from './errors.ts';
import { failureCode, failureMessage, httpFailureCode } from './failures.ts';
import { changeRepository } from './git/change.ts';
import { gitEnvironment } from './git/environment.ts';
import { pathWith, request, urlOf } from './http.ts';
import { kubeconfigRefusal } from './kubernetes/kubeconfig.ts';
import type { Bound, CliCommand, Command, GitCommand, HttpCommand, ProbeCommand } from './operation.ts';
import type { GrowingRedactor } from './ports.ts';
import { probe } from './probe/run.ts';
import { inOrder } from './requests.ts';
import type { Run, RunResult } from './run.ts';
import type { Site } from './site.ts';
import { secretsAt } from './site-secrets.ts';
import { objectionTo, untilReady } from './staged.ts';
import type { Environment } from './system.ts';
import { apiOf, environmentFor, gitAccessOf } from './systems.ts';

/** What a command printed, and whether it failed. Not yet redacted. */
export interface Execution {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly failure: { readonly code: ToolErrorCode; readonly message: string } | null;
  /** What an observation keeps of the output, where that is no text. */
  readonly shown?: string;
  /** Of an HTTP answer. */
  readonly status?: number;
  /** What took the place of a placeholder in the command. */
  readonly bound?: { readonly placeholder: string; readonly value: string };
}

export interface ExecuteLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly credentials: Credentials;
}

/** Bytes kept of a program's output or a response's body: what a parser may have to read. */
const maxOutputBytes = 32 * 1024 * 1024;

export type Execute = (command: Command, limits: ExecuteLimits) => Promise<Execution>;

interface ExecuteDeps {
  readonly site: Site;
  readonly run: Run;
  /** Learns credentials that were renewed, before and after a program may have seen them: what it prints is redacted later. */
  readonly redactor: Pick<GrowingRedactor, 'learn' | 'text'>;
  readonly now: () => Date;
}

export function createExecute({ site, run, redactor, now }: ExecuteDeps): Execute {
  const learn = () => redactor.learn(secretsAt(site));
  const one: Execute = async (command, limits) => {
    if (command.kind === 'probe') return await look(site, command, limits);
    try {
      if (command.kind === 'git') return await git({ site, run, learn, redactor }, whole, command, limits, now);
      if (command.kind === 'requests') return await inOrder(whole, command, limits);
      return command.kind === 'cli'
        ? await cli({ site, run, learn, redactor }, command, limits)
        : await http({ site, learn, redactor }, command, limits);
    } finally {
      learn();
    }
  };
  const whole: Execute = async (command, limits) =>
    command.kind === 'cli' || command.kind === 'http' ? await staged(one, command, limits) : await one(command, limits);
  return whole;
}

/** A question before it, something to look up for it, an answer to wait for: all within the time of the call. */
async function staged(one: Execute, command: CliCommand | HttpCommand, limits: ExecuteLimits): Promise<Execution> {
  const end = performance.now() + limits.timeoutMs;
  const timed: Execute = (line, own) => one(line, { ...own, timeoutMs: Math.max(1, Math.floor(end - performance.now())) });
  const unless = command.kind === 'cli' ? command.unless : undefined;
  const refusal = unless === undefined ? null : await objectionTo(timed, unless, limits);
  if (refusal !== null) return refusal;
  const whole = untilReady(timed, command, end);
  return command.bound === undefined ? await whole(command, limits) : await late(timed, whole, command, command.bound, limits);
}

/** Looks up, with the credentials of a read, what the command lacks. Where that fails nothing is started or sent. */
async function late(
  one: Execute,
  whole: Execute,
  command: CliCommand | HttpCommand,
  bound: Bound,
  limits: ExecuteLimits,
): Promise<Execution> {
  const looked = await one(bound.command, { ...limits, credentials: 'read' });
  if (looked.failure !== null) return looked;
  const value = lookedUp(bound, looked);
  if (typeof value !== 'string') return value;
  return { ...(await whole(filled(command, bound.placeholder, value), limits)), bound: { placeholder: bound.placeholder, value } };
}

function filled(command: CliCommand | HttpCommand, placeholder: string, value: string): CliCommand | HttpCommand {
  if (command.kind === 'cli') return { ...command, argv: command.argv.map((argument) => (argument === placeholder ? value : argument)) };
  if (command.body === placeholder) return { ...command, body: value };
  return { ...command, path: pathWith(command.path, placeholder, value) };
}

function lookedUp({ value }: Bound, looked: Execution): string | Execution {
  try {
    return value({ ...looked, exitCode: looked.exitCode ?? 0 });
  } catch (error) {
    if (error instanceof NotFound || error instanceof OutputMalformed || error instanceof Objected)
      return failed(error.code, error.message);
    throw error;
  }
}

interface At {
  readonly site: Site;
  readonly learn: () => void;
  readonly redactor: Pick<GrowingRedactor, 'text'>;
}

async function cli(
  { site, learn, run, redactor }: At & { readonly run: Run },
  command: CliCommand,
  limits: ExecuteLimits,
): Promise<Execution> {
  const file = site.binaries[command.binary];
  if (file === undefined) return failed('cli_missing', `${command.binary} is not installed`);
  const env = await orIncomplete(learn, () => environmentFor(site, command.binary, limits.credentials));
  if (env instanceof SiteIncomplete) return failed(env.code, env.message);
  const refusal = env['KUBECONFIG'] === undefined ? null : await refusalOf(env['KUBECONFIG']);
  if (refusal !== null) return failed('failed', refusal);
  return await start({ run, redactor }, file, command, env, limits);
}

async function start(
  { run, redactor }: Pick<At, 'redactor'> & { readonly run: Run },
  file: string,
  command: CliCommand,
  env: Environment,
  limits: ExecuteLimits,
  cwd?: string,
): Promise<Execution> {
  const { argv, stdin, list } = command;
  const result = await run({
    ...(cwd === undefined ? {} : { cwd }),
    file,
    argv,
    env,
    timeoutMs: limits.timeoutMs,
    signal: limits.signal,
    maxOutputBytes,
    ...(stdin === undefined ? {} : { stdin }),
    ...(list === undefined ? {} : { list }),
  });
  return executionOf(command, result, redactor);
}

/** Several programs in one private directory, within the time of one. */
async function git(
  { site, run, learn, redactor }: At & { readonly run: Run },
  whole: Execute,
  command: GitCommand,
  limits: ExecuteLimits,
  now: () => Date,
): Promise<Execution> {
  const file = site.binaries['git'];
  const access = gitAccessOf(site, command.service);
  if (file === undefined || access === null) return failed('cli_missing', 'git is not installed, or its system is not configured');
  // What only looks takes the credentials that can do no more.
  const credentials = command.what === 'preview' ? 'read' : limits.credentials;
  const env = await orIncomplete(learn, () => gitEnvironment(access, credentials));
  if (env instanceof SiteIncomplete) return failed(env.code, env.message);
  const end = performance.now() + limits.timeoutMs;
  const left = (): ExecuteLimits => ({ ...limits, credentials, timeoutMs: Math.max(1, Math.floor(end - performance.now())) });
  return await inFolder((folder) =>
    changeRepository(
      {
        git: (line) => start({ run, redactor }, file, line, env, left(), folder),
        forge: (call) => whole(call, left()),
        seconds: () => Math.floor(now().getTime() / 1000),
      },
      command,
    ),
  );
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-git-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Credentials as their files hold them now, known to the redactor whenever they are renewed. */
async function orIncomplete<T>(learn: () => void, look: () => Promise<T>): Promise<T | SiteIncomplete> {
  learn();
  try {
    return await look();
  } catch (error) {
    if (error instanceof SiteIncomplete) return error;
    throw error;
  } finally {
    learn();
  }
}

async function refusalOf(path: string): Promise<string | null> {
  try {
    return kubeconfigRefusal(await readFile(path, 'utf8'));
  } catch {
    return 'kubeconfig cannot be read';
  }
}

function executionOf({ binary }: CliCommand, result: RunResult, redactor: At['redactor']): Execution {
  switch (result.kind) {
    case 'missing':
      return failed('cli_missing', `${binary} cannot be started`);
    case 'timeout':
      return { ...result, exitCode: null, failure: { code: 'timeout', message: `${binary} took too long and was stopped` } };
    case 'cancelled':
      return { ...result, exitCode: null, failure: { code: 'cancelled', message: `${binary} was stopped` } };
    case 'killed':
      return { ...result, exitCode: null, failure: { code: 'failed', message: `${binary} was ended by ${result.signal}` } };
    case 'exited':
      return {
        ...result,
        failure:
          result.exitCode === 0 ? null : { code: failureCode(binary, result.stderr), message: failureMessage(result.stderr, redactor) },
      };
  }
}

async function http({ site, learn, redactor }: At, command: HttpCommand, limits: ExecuteLimits): Promise<Execution> {
  const api = apiOf(site, command.service);
  if (api === null) return failed('context_unknown', `site ${site.name} has no ${command.service} URL`);
  const headers = await orIncomplete(learn, async () => (await api.headers?.(limits.credentials)) ?? {});
  if (headers instanceof SiteIncomplete) return failed(headers.code, headers.message);
  const authority = await orIncomplete(learn, async () => (api.ca === undefined ? undefined : await authorityIn(api.ca, command.service)));
  if (authority instanceof SiteIncomplete) return failed(authority.code, authority.message);
  const result = await request(urlOf(api.url, command), command, headers, {
    ...limits,
    authority,
    maxOutputBytes: command.maxBytes ?? maxOutputBytes,
  });
  if (result.kind === 'failed') return failed(result.code, `${command.service}: ${result.code}`);
  const { status, body, encoded, truncated, retryAfter } = result;
  const later = retryAfter === null ? '' : ` (it asks to wait ${retryAfter} s)`;
  const shown = encoded ? { shown: `[${command.accept}]` } : {};
  const output = { exitCode: null, stdout: body, stderr: '', truncated, status, ...shown };
  if (status < 400) return { ...output, failure: null };
  return {
    ...output,
    failure: {
      code: api.failures?.find(([pattern]) => pattern.test(body))?.[1] ?? httpFailureCode(status),
      message: `${command.service} answered ${status}: ${failureMessage(body, redactor)}${later}`,
    },
  };
}

async function look(site: Site, command: ProbeCommand, limits: ExecuteLimits): Promise<Execution> {
  const result = await probe(command, { ...limits, networks: site.probe?.networks ?? [] });
  if (result.kind === 'failed') return failed(result.code, result.message);
  return { exitCode: null, stdout: result.body, stderr: '', truncated: false, failure: null };
}

function failed(code: ToolErrorCode, message: string): Execution {
  return { exitCode: null, stdout: '', stderr: '', truncated: false, failure: { code, message } };
}
