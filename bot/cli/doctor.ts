import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Finding } from '../doctor/finding.ts';
import { type CliContext, type JsonFlag, withJson } from './context.ts';
import { print } from './out.ts';
import type { Text } from './style.ts';

function findingLines({ name, ok, detail, todo }: Finding): readonly Text[] {
  return [
    [ok ? { text: 'ok     ', meaning: 'good' } : { text: 'problem', meaning: 'bad' }, `  ${name}: ${detail}`],
    ...(todo === null ? [] : [`         → ${todo}`]),
  ];
}

/** No where nobody sits in front of it. */
async function askAtTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

export function registerDoctor(program: Command, { out, variables, exit }: CliContext): void {
  withJson(program.command('doctor'))
    .description(
      'check the configuration and what it names: Postgres, Temporal, Slack, Linear, PagerDuty, the policy, your playbooks, the audit log, programs and contexts of sites, Vault and Boundary, what the runners report; changes nothing without asking',
    )
    .option('--yes', 'make the Linear labels that are missing, without asking')
    .action(async ({ json, yes }: JsonFlag & { readonly yes?: boolean }) => {
      const { checkup } = await import('../doctor/checkup.ts');
      const findings = await checkup(variables, yes === true ? async () => true : json === true ? undefined : askAtTerminal);
      print(out, findings, json, () => findings.flatMap(findingLines));
      exit(findings.every(({ ok }) => ok) ? 0 : 1);
    });
}
