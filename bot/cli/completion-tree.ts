import type { Command, Option } from 'commander';

/** What may follow at one place of a command line. */
export interface CompletionNode {
  /** Words of the command, the program's own name left out. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly flags: readonly string[]; readonly description: string; readonly takesValue: boolean }[];
  /** Values of options that have a fixed set of them. */
  readonly values: readonly { readonly flags: readonly string[]; readonly choices: readonly string[] }[];
  /** Fixed values of the first argument. */
  readonly words: readonly string[];
}

const flagsOf = ({ short, long }: Option) => [short, long].filter((flag) => flag !== undefined);

/** Without `help`, which commander adds everywhere. */
function within(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
}

function nodeOf(command: Command, words: readonly string[], common: readonly Option[]): CompletionNode {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...common];
  return {
    path: words.join(' '),
    description: command.description(),
    commands: within(command).map((one) => ({ name: one.name(), description: one.description() })),
    options: options.map((option) => ({
      flags: flagsOf(option),
      description: option.description,
      takesValue: option.required || option.optional,
    })),
    values: options.flatMap((option) => (option.argChoices === undefined ? [] : [{ flags: flagsOf(option), choices: option.argChoices }])),
    words: command.registeredArguments[0]?.argChoices ?? [],
  };
}

/** Every place of a command line, the outermost first, from the commands themselves. */
export function completionTree(program: Command): readonly CompletionNode[] {
  const common = program.options.filter(({ long }) => long === '--profile');
  const below = (command: Command, words: readonly string[]): readonly CompletionNode[] => [
    nodeOf(command, words, command === program ? [] : common),
    ...within(command).flatMap((one) => below(one, [...words, one.name()])),
  ];
  return below(program, []);
}
