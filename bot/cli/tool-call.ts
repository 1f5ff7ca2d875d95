import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { connect } from './connect.ts';
import type { CliContext } from './context.ts';
import { exitStatus } from './exit-status.ts';
import { print } from './out.ts';
import { type WriteFlags, withWrite, write } from './write.ts';

const Called = z.discriminatedUnion('status', [
  z.object({ status: z.literal('ok'), callId: z.string(), observation: z.string(), output: z.unknown() }),
  z.object({ status: z.literal('error'), callId: z.string(), observation: z.string(), code: z.string(), message: z.string() }),
]);

type Input = Readonly<Record<string, unknown>>;

function json(text: string): Input {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('a JSON object, e.g. \'{"namespace": "shop"}\'.');
}

/** `name=value`; a value that is JSON (a number, true, a list) is that, everything else is text. */
function assigned(text: string, before: Input = {}): Input {
  const [, name, value] = /^([A-Za-z]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('name=value.');
  try {
    return { ...before, [name]: JSON.parse(value) };
  } catch {
    return { ...before, [name]: value };
  }
}

interface CallFlags extends WriteFlags {
  readonly site: string;
  readonly input?: Input;
  readonly set?: Input;
  readonly incident?: string;
}

/** A call takes as long as the program that it runs. */
const callMs = 120_000;

export function registerCall(tools: Command, { variables, out, exit }: CliContext): void {
  withWrite(tools.command('call'))
    .description('run an operation that only reads, at a site; policy is asked, and what comes back is stored, redacted')
    .argument('<name>', 'e.g. kubernetes.workloads')
    .requiredOption('--site <name>', 'where')
    .option('--input <json>', 'its input, as tools describe shows it', json)
    .option('--set <name=value>', 'one field of its input; may be repeated, and goes before --input', assigned)
    .option('--incident <id>', 'the incident to whose evidence it belongs')
    .action(async (operation: string, { site, input, set, incident, ...flags }: CallFlags) => {
      const body = { site, operation, input: { ...input, ...set }, ...(incident && { incident }) };
      const called = await write(connect(variables, callMs), '/v1/tools/call', Called, body, flags);
      out.note(`Observation ${called.observation}`);
      print(out, called, flags.json, (answer) =>
        answer.status === 'ok' ? JSON.stringify(answer.output, null, 2).split('\n') : [`${answer.code}: ${answer.message}`],
      );
      exit(called.status === 'ok' ? exitStatus.done : exitStatus.failed);
    });
}
