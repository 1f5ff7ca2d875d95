import type { Command } from 'commander';
import { z } from 'zod';
import { AccountRights } from '../../tools/report.ts';
import { rightsLine } from '../runner-states.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print, table } from './out.ts';
import type { Text } from './style.ts';
import { registerCall } from './tool-call.ts';
import { registerToolRoles, roleLines } from './tool-roles.ts';

const Tool = z.object({
  name: z.string(),
  kind: z.enum(['read', 'write']),
  tier: z.string(),
  summary: z.string(),
  input: z.record(z.string(), z.unknown()),
  permissions: z.array(z.string()),
  dryRun: z.union([z.literal(true), z.string()]).nullable(),
  rollback: z.union([z.literal(true), z.string()]).nullable(),
});
type Tool = z.infer<typeof Tool>;

const Runner = z.object({
  site: z.string(),
  current: z.boolean(),
  programs: z.array(z.object({ name: z.string(), version: z.string().nullable() })),
  permissions: z.array(AccountRights).default([]),
  remedies: z.array(z.string()).default([]),
});

const Tools = z.object({ hash: z.string(), items: z.array(Tool), runners: z.array(Runner) });

function runnerLines({ site, programs, permissions, remedies }: z.infer<typeof Runner>): readonly string[] {
  const found = programs.map(({ name, version }) => `${name} ${version ?? 'of unknown version'}`).join(', ') || 'no programs';
  const rights = permissions.flatMap((one) => [`  ${rightsLine(one)}`, ...one.rights.map((right) => `    ${right}`)]);
  return [`${site}: ${found}`, ...remedies.map((remedy) => `  → ${remedy}`), ...rights];
}

function listLines({ items, runners }: z.infer<typeof Tools>): readonly Text[] {
  const there = runners.length === 0 ? ['none has reported within the last minutes'] : runners.flatMap(runnerLines);
  return [...table(items.map(({ name, tier, summary }) => [name, tier, summary])), '', 'Runners:', ...there];
}

/** No operation of that name is registered. */
class ToolUnknown extends Error {
  readonly code = 'tool_unknown';
  constructor(name: string) {
    super(`there is no operation ${name}: see watchkeeper tools list`);
    this.name = 'ToolUnknown';
  }
}

const yesOr = (value: true | string | null) => (value === true ? 'yes' : value === null ? 'not needed' : `no: ${value}`);

function toolLines({ name, kind, tier, summary, input, permissions, dryRun, rollback }: Tool): readonly Text[] {
  return [
    ...table([
      ['Operation', name],
      ['Does', summary],
      ['Kind', `${kind}, tier ${tier}`],
      ['Dry run', yesOr(dryRun)],
      ['Rollback', yesOr(rollback)],
      ['Needs', permissions.join(', ')],
    ]),
    ...roleLines({ name, permissions }),
    'Input (JSON Schema):',
    JSON.stringify(input, null, 2),
  ];
}

export function registerTools(program: Command, context: CliContext): void {
  const { api, out } = context;
  const tools = program.command('tools').description('the operations that can run');
  registerToolRoles(tools, context);
  withJson(tools.command('list'))
    .description('list every registered operation')
    .action(async ({ json }: JsonFlag) => {
      const found = await api().request('GET', '/v1/tools', Tools);
      print(out, found, json, listLines);
    });
  withJson(tools.command('describe'))
    .description('show one operation: its input, what it needs, whether it can be undone')
    .argument('<name>', 'e.g. kubernetes.rollout_undo')
    .action(async (name: string, { json }: JsonFlag) => {
      const tool = (await api().request('GET', '/v1/tools', Tools)).items.find((candidate) => candidate.name === name);
      if (tool === undefined) throw new ToolUnknown(name);
      print(out, tool, json, toolLines);
    });
  registerCall(tools, context);
}
