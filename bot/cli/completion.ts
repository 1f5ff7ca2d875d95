import { Argument, type Command } from 'commander';
import { bashScript, fishScript, zshScript } from './completion-scripts.ts';
import { completionTree } from './completion-tree.ts';
import type { CliContext } from './context.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export function registerCompletion(program: Command, { out }: CliContext): void {
  program
    .command('completion')
    .description('print a script that completes command lines in a shell; it is made from the commands themselves')
    .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish']))
    .action((shell: keyof typeof scripts) => {
      for (const line of scripts[shell](completionTree(program)).split('\n')) out.line(line);
    });
}
