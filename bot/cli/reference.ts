import type { Command, Option } from 'commander';
import type { CliContext } from './context.ts';
import { examples, leaves } from './examples.ts';

const head = `# Command line

<!-- Made by \`node bot/main.ts reference > docs/guides/cli.md\`; a test says when it is not current. -->

\`npx watchkeeper …\` in the checkout. Results are on standard output, everything else on standard error.

## Which server, as whom

- \`WATCHKEEPER_URL\` names the server, \`WATCHKEEPER_TOKEN\` is a service token. Without a token the session of \`watchkeeper login\` at that
  server counts.
- \`watchkeeper profile add NAME --url URL\` remembers a server. \`--profile NAME\`, anywhere on the line, uses it for one command, whatever the
  environment says; \`watchkeeper profile use NAME\` where neither \`--profile\` nor \`WATCHKEEPER_URL\` names a server.
- Profiles and sessions are in \`$XDG_CONFIG_HOME/watchkeeper\` (else \`~/.config/watchkeeper\`), readable by you alone. A token goes to its
  own server, and never along a redirect.
- A server with a certificate of your own authority: \`NODE_EXTRA_CA_CERTS=/path/to/ca.pem\`.

## Output

- \`--json\` prints the answer as one line of JSON, of \`watch\` and \`audit tail\` one line per entry.
- Colours appear at a terminal. \`NO_COLOR=1\` turns them off, \`FORCE_COLOR=1\` on; \`--json\` has none. Nothing is said by colour alone.
- \`watch\` redraws a terminal. A plan that waits is shown with all that is approved with it, in parts where it is longer than the screen; at
  its end you type \`approve\`, or \`reject\` and why. Elsewhere \`watch\` prints a line for each thing that happens.

## Asking twice

A command that changes something sends a key of its own, and the same one again where no answer comes: it takes effect once. Where none comes
at all, the message has the key for \`--idempotency-key\`. A script that may run twice gives one itself. Keys are remembered for a day, for each
caller; another request with a key that was used is refused.

## Exit status

- \`0\`: done.
- \`1\`: refused or failed; the message says why. Also what a check has found: \`doctor\`, \`policy test\`, \`audit verify\`.
- \`2\`: wrong use. Of \`audit verify\`: it cannot be verified.
- \`3\`: the server cannot be reached, or does not answer as one.
- \`4\`: not signed in: the token or the session is missing, not valid, or has ended.

## Completion

\`watchkeeper completion bash\`, \`zsh\` or \`fish\` prints a script for that shell; see [below](#completion-1).

## Commands
`;

/** Text of ours, as it is shown in help, inside Markdown. */
const text = (words: string) => words.replaceAll(/[<>*_[\]|]/g, '\\$&');

function optionLine({ flags, description, argChoices, mandatory, defaultValue }: Option): string {
  const notes = [
    ...(mandatory ? ['needed'] : []),
    ...(argChoices === undefined || argChoices.length > 12 ? [] : [`one of ${argChoices.map((one) => `\`${one}\``).join(', ')}`]),
    ...(typeof defaultValue === 'number' || (typeof defaultValue === 'string' && !defaultValue.includes('/'))
      ? [`default \`${defaultValue}\``]
      : []),
  ];
  return `- \`${flags}\`: ${text(description)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

function section(words: readonly string[], command: Command): string {
  const name = words.join(' ');
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const given = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `### ${name}`,
    `${text(command.description())}.`,
    ['```console', `$ watchkeeper ${[...words, command.usage()].join(' ')}`, '```'].join('\n'),
    ...(given.length === 0 ? [] : [given.map((one) => `- \`${one.name()}\`: ${text(one.description)}`).join('\n')]),
    ...(options.length === 0 ? [] : [options.map(optionLine).join('\n')]),
    ...(examples[name] === undefined ? [] : [['```console', ...examples[name].map((line) => `$ ${line}`), '```'].join('\n')]),
  ].join('\n\n');
}

/** The reference of every command, as Markdown. */
export function referenceOf(program: Command): string {
  return [head.trimEnd(), ...leaves(program).map(({ words, command }) => section(words, command))].join('\n\n');
}

export function registerReference(program: Command, { out }: CliContext): void {
  program
    .command('reference', { hidden: true })
    .description('print the reference of every command as Markdown')
    .action(() => out.line(referenceOf(program)));
}
