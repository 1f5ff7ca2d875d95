import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { ExplainAnswer } from '../policy/recorded.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import { compiledPolicy, namedPolicy } from './policy-bundle.ts';
import { checkLines, explainLines, replayLines } from './policy-lines.ts';
import { replayAll } from './policy-replay.ts';
import type { Variables } from './settings.ts';

const builtIn = fileURLToPath(new URL('../../policy', import.meta.url));

interface ReplayFlags extends JsonFlag {
  readonly bundle: string;
  readonly since?: Date;
  readonly exitCode?: boolean;
}

/** A time ago (`30d`, `12h`, `45m`), or an RFC 3339 date. */
export function since(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([dhm])$/.exec(text) ?? [];
  const minutes = { d: 1_440, h: 60, m: 1 }[unit ?? ''];
  if (minutes !== undefined) return new Date(Date.now() - Number(count) * minutes * 60_000);
  const date = new Date(text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(date.getTime())) throw new InvalidArgumentError('e.g. 30d, 12h, 45m, or 2026-01-31T00:00:00Z.');
  return date;
}

function registerExplain(policy: Command, { api, out }: CliContext): void {
  withJson(policy.command('explain'))
    .description('why a plan was decided on as it was, rule by rule')
    .argument('<plan>', 'id of the plan')
    .action(async (id: string, { json }: JsonFlag) => {
      const path = `/v1/policy/explain?${new URLSearchParams({ plan: id })}`;
      print(out, await api().request('GET', path, ExplainAnswer), json, explainLines);
    });
}

async function check(named: string, variables: Variables | undefined) {
  const policy = await namedPolicy(named, variables);
  const { checkSources } = await import('../policy/source-check.ts');
  const { checkCompiled } = await import('../policy/compiled-check.ts');
  return policy.kind === 'sources' ? checkSources(policy.opa) : checkCompiled(policy.bundle);
}

function registerTest(policy: Command, { out, exit, variables }: CliContext): void {
  withJson(policy.command('test'))
    .description(
      'check a policy: format, types, its tests, what it calls, and the decisions of its compiled form; exit status 1 with a problem',
    )
    .option('--bundle <path>', 'its Rego sources (needs opa), or a compiled bundle; the built-in policy when absent', builtIn)
    .action(async ({ bundle, json }: JsonFlag & { bundle: string }) => {
      const checked = await check(bundle, variables);
      print(out, checked, json, checkLines);
      exit(checked.findings.every(({ ok }) => ok) ? 0 : 1);
    });
}

function registerReplay(policy: Command, { out, exit, variables }: CliContext): void {
  withJson(policy.command('replay'))
    .description('what another policy would have decided otherwise; nothing is changed')
    .requiredOption('--bundle <path>', 'the other policy: its Rego sources (needs opa), or a compiled bundle, e.g. bundle.tar.gz')
    .option('--since <time>', 'how far back: 30d (when absent), 12h, 45m, or a date', since)
    .option('--exit-code', 'exit status 1 when a decision would change or could not be evaluated')
    .action(async ({ bundle, since: from = since('30d'), exitCode, json }: ReplayFlags) => {
      const replayed = await replayAll(await compiledPolicy(bundle, variables), from, variables);
      print(out, replayed, json, replayLines);
      const { changed, unanswered } = replayed.totals;
      exit(exitCode === true && changed + unanswered > 0 ? 1 : 0);
    });
}

export function registerPolicy(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('what may run, and who has to approve it');
  registerTest(policy, context);
  registerExplain(policy, context);
  registerReplay(policy, context);
}
