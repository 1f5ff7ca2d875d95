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

export function registerDoctor(program: Command, { out, variables, exit }: CliContext): void {
  withJson(program.command('doctor'))
    .description(
      'check the configuration and what it names: Postgres, Temporal, Slack, the policy, the audit log, kubectl and its contexts; changes nothing',
    )
    .action(async ({ json }: JsonFlag) => {
      const { checkup } = await import('../doctor/checkup.ts');
      const findings = await checkup(variables);
      print(out, findings, json, () => findings.flatMap(findingLines));
      exit(findings.every(({ ok }) => ok) ? 0 : 1);
    });
}
