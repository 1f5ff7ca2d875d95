import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { referenceOf, sourcesOf } from '../tools/held/sources.ts';
import { Environment } from './config-environment.ts';
import { ConfigFile } from './config-file.ts';
import { referenceProblems } from './config-references.ts';
import { oidcProblems } from './oidc/settings.ts';

/** Everything that is wrong, one line each. */
export class ConfigInvalid extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['The configuration has these problems:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigInvalid';
    this.problems = problems;
  }
}

function problemsOf(error: z.ZodError, where: string): string[] {
  return error.issues.map((issue) => `${where}${issue.path.length > 0 ? ` ${issue.path.join('.')}` : ''}: ${issue.message}`);
}

export interface Settings {
  readonly env: Environment;
  readonly file: ConfigFile;
  /** Variables that sites name for credentials, as far as they are set. */
  readonly siteVariables: Readonly<Record<string, string>>;
}

/** What was found, and everything that is wrong with it, for callers that have more to check. */
export interface Reading {
  /** Variables that are set, to anything but the empty string. */
  readonly given: Readonly<Record<string, string>>;
  /** Null: some variable is not usable. */
  readonly env: Environment | null;
  /** The defaults, where the file is not usable. */
  readonly file: ConfigFile;
  readonly siteVariables: Settings['siteVariables'];
  readonly problems: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

function pairProblems(given: Reading['given']): string[] {
  const problems: string[] = [];
  const bot = given['SLACK_BOT_TOKEN'] !== undefined;
  const inbound = given['SLACK_APP_TOKEN'] !== undefined || given['SLACK_SIGNING_SECRET'] !== undefined;
  if (bot && !inbound) problems.push('SLACK_BOT_TOKEN is set: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too');
  if (!bot && inbound) problems.push('SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is set: set SLACK_BOT_TOKEN too');
  return problems;
}

function mirrorProblems(given: Reading['given']): string[] {
  const problems: string[] = [];
  if (given['PAGERDUTY_API_TOKEN'] !== undefined && given['PAGERDUTY_FROM_EMAIL'] === undefined)
    problems.push('PAGERDUTY_API_TOKEN is set: set PAGERDUTY_FROM_EMAIL to the e-mail of a PagerDuty user too');
  if (given['LINEAR_API_KEY'] !== undefined && given['LINEAR_TEAM_KEY'] === undefined)
    problems.push('LINEAR_API_KEY is set: set LINEAR_TEAM_KEY to the key of a team (e.g. SRE) too');
  return problems;
}

/** The file as text → validated. Problems are collected, never thrown one by one. */
export function parseConfigFile(text: string, where: string): { file: ConfigFile; problems: string[] } {
  const empty = ConfigFile.parse({});
  let raw: unknown;
  try {
    raw = parseYaml(text) ?? {};
  } catch (error) {
    return { file: empty, problems: [`${where}: not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`] };
  }
  const parsed = ConfigFile.safeParse(raw);
  if (!parsed.success) return { file: empty, problems: problemsOf(parsed.error, where) };
  return { file: parsed.data, problems: referenceProblems(parsed.data).map((problem) => `${where}: ${problem}`) };
}

/** The file says which variable holds it. */
function checkpointsToken(given: Reading['given'], { audit }: ConfigFile): Variables {
  const name = audit.checkpoints.http?.tokenVariable;
  return name === undefined ? {} : { AUDIT_CHECKPOINTS_TOKEN: given[name] };
}

function siteVariablesIn(given: Reading['given'], { sites }: ConfigFile): Settings['siteVariables'] {
  const named = sites.flatMap(sourcesOf).map(({ source }) => referenceOf(source));
  const names = named.flatMap((reference) => (reference !== null && 'env' in reference ? [reference.env] : []));
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

/** The file at the path; one that cannot be read is a problem like every other, so that `--help` works beside it. */
function readConfigFile(path: string): ReturnType<typeof parseConfigFile> {
  try {
    return parseConfigFile(readFileSync(path, 'utf8'), path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { file: ConfigFile.parse({}), problems: [`WATCHKEEPER_CONFIG: ${path} cannot be read${code}`] };
  }
}

/** Reads the environment and the configuration file. Throws nothing: problems are listed. */
export function readSettings(environment: Variables = process.env): Reading {
  const given = Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const path = given['WATCHKEEPER_CONFIG'] ?? 'watchkeeper.yaml';
  const present = existsSync(path);
  const read = present ? readConfigFile(path) : { file: ConfigFile.parse({}), problems: [] };
  const env = Environment.safeParse({ ...given, ...checkpointsToken(given, read.file) });
  const problems = [...(env.success ? [] : problemsOf(env.error, 'environment')), ...mirrorProblems(given)];
  if (!present && given['WATCHKEEPER_CONFIG'] !== undefined) problems.push(`WATCHKEEPER_CONFIG: no file at ${path}`);
  problems.push(...read.problems, ...oidcProblems(given, read.file.oidc));
  const siteVariables = siteVariablesIn(given, read.file);
  return { given, env: env.success ? env.data : null, file: read.file, siteVariables, problems };
}

/** Settings of the whole system in one process. Throws ConfigInvalid with one readable list of everything that is wrong. */
export function loadSettings(environment: Variables = process.env): Settings {
  const { given, env, file, siteVariables, problems } = readSettings(environment);
  const all = [...problems, ...pairProblems(given)];
  if (env === null || all.length > 0) throw new ConfigInvalid(all);
  return { env, file, siteVariables };
}
