import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import pino from 'pino';
import { readSettings } from '../config.ts';
import { type Opa, openOpa } from '../policy/opa.ts';
import { ExplainAnswer } from '../policy/recorded.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import { replayAll, replayLines } from './policy-replay.ts';
import type { Variables } from './settings.ts';

type Explanation = ExplainAnswer['items'][number];

const builtIn = fileURLToPath(new URL('../../policy', import.meta.url));

function openIn(directory: string, variables: Variables | undefined): Promise<Opa> {
  const path = readSettings(variables).given['PATH'] ?? '';
  return openOpa(resolve(directory), path, pino({ level: 'silent' }));
}

function explanationLines({ at, question, step, bundle, verdict, tier, approvals, why }: Explanation): readonly string[] {
  const { needed, roles, excludeRequester, groups } = approvals;
  const by = `${roles.length === 0 ? '' : ` by ${roles.join(', ')}`}${excludeRequester ? ', not the requester' : ''}`;
  const from = groups.map((need) => `, ${need.needed} of them from ${need.group}`).join('');
  return [
    `${at}  ${question}${step === null ? '' : ` ${step}`}: ${verdict.replaceAll('_', ' ')} (tier ${tier})`,
    `  Approvals  ${needed === 0 ? 'none' : `${needed}${by}${from}`}`,
    ...why.map(({ rule, reason }) => `  ${rule ?? 'unknown rule'}  ${reason}`),
    `  Bundle     ${bundle}`,
    '',
  ];
}

function explainLines({ plan, items, unreadable }: ExplainAnswer): readonly string[] {
  const rest = unreadable === 0 ? [] : [`${unreadable} more decisions are recorded in a form that is not known.`];
  return items.length === 0 ? [`No decision about ${plan} is recorded.`, ...rest] : [...items.flatMap(explanationLines), ...rest];
}

function since(text: string): Date {
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

function registerTest(policy: Command, { out, exit, variables }: CliContext): void {
  withJson(policy.command('test'))
    .description('check a policy: format, types, its tests, and the decisions of its compiled form; needs opa')
    .option('--bundle <directory>', 'its Rego sources; the built-in policy when absent', builtIn)
    .action(async ({ bundle, json }: JsonFlag & { bundle: string }) => {
      const opa = await openIn(bundle, variables);
      const { checkSources } = await import('../policy/source-check.ts');
      const checked = await checkSources(opa);
      print(out, checked, json, ({ checks }) =>
        checks.map(({ name, ok, detail }) => `${ok ? 'ok      ' : 'problem '}  ${name}${detail === '' ? '' : `: ${detail}`}`),
      );
      exit(checked.checks.every(({ ok }) => ok) ? 0 : 1);
    });
}

function registerReplay(policy: Command, { out, variables }: CliContext): void {
  withJson(policy.command('replay'))
    .description('what another policy would have decided otherwise; nothing is changed; needs opa')
    .requiredOption('--bundle <directory>', 'the Rego sources of the other policy')
    .option('--since <time>', 'how far back: 30d (when absent), 12h, 45m, or a date', since)
    .action(async (flags: JsonFlag & { bundle: string; since?: Date }) => {
      const opa = await openIn(flags.bundle, variables);
      const archive = await opa.build();
      print(out, await replayAll(archive, flags.since ?? since('30d'), variables), flags.json, replayLines);
    });
}

export function registerPolicy(program: Command, context: CliContext): void {
  const policy = program.command('policy').description('what may run, and who has to approve it');
  registerTest(policy, context);
  registerExplain(policy, context);
  registerReplay(policy, context);
}
