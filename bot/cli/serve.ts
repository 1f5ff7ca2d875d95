import { type Command, Option } from 'commander';
import { loadRoleSettings, type RoleName, roles } from '../roles/requirements.ts';
import type { CliContext } from './context.ts';
import { interrupted } from './interrupted.ts';

interface ServeFlags {
  readonly role: RoleName;
  readonly site?: string;
}

/** Runs the role until it is told to stop; answers the exit status. */
async function run({ role, site }: ServeFlags): Promise<number> {
  const settings = loadRoleSettings(role, site);
  // Loaded when asked for: the other commands need no part of the engine.
  const { serve } = await import('../roles/serve.ts');
  const served = await serve(role, settings);
  try {
    const why = await Promise.race([interrupted().then(() => 'asked' as const), served.ended.then(() => 'ended' as const)]);
    served.log.info({ why }, 'the role stops');
    return why === 'asked' ? 0 : 1;
  } finally {
    await served.stop();
  }
}

export function registerServe(program: Command, { exit }: CliContext): void {
  program
    .command('serve')
    .description('run one role of an installation; everything comes from the environment and WATCHKEEPER_CONFIG, nothing is embedded')
    .addOption(new Option('--role <role>', 'which').choices(roles).makeOptionMandatory())
    .option('--site <name>', 'with --role runner: the site that it serves; needed where several are configured')
    .action(async (flags: ServeFlags) => exit(await run(flags)));
}
