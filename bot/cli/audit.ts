import type { Command } from 'commander';
import { registerErase } from './audit-erase.ts';
import { registerExport } from './audit-export.ts';
import { registerTail } from './audit-tail.ts';
import { registerVerify } from './audit-verify.ts';
import type { CliContext } from './context.ts';

export function registerAudit(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('the audit log');
  registerTail(audit, context);
  registerExport(audit, context);
  registerVerify(audit, context);
  registerErase(audit, context);
}
