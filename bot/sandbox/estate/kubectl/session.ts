import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { milliseconds, type ParsedFlags } from '../programs/flags.ts';
import { type ProgramCall, Refusal } from '../programs/program.ts';

/** Who asks, where. */
export interface Session {
  readonly user: 'watchkeeper-reader' | 'watchkeeper-writer';
  readonly mayWrite: boolean;
  readonly namespace: string;
  /** `-A` was given. */
  readonly everywhere: boolean;
}

const Named = <T extends z.ZodType>(key: string, value: T) =>
  z.array(z.looseObject({ name: z.string() }).transform((entry) => ({ name: entry.name, value: value.safeParse(entry[key]).data })));
const Kubeconfig = z.looseObject({
  'current-context': z.string().optional(),
  contexts: Named('context', z.object({ user: z.string(), namespace: z.string().optional() })).default([]),
  users: Named('user', z.object({ token: z.string().optional() })).default([]),
});
type Kubeconfig = z.output<typeof Kubeconfig>;

/** Resolves credentials as kubectl does: --kubeconfig, else KUBECONFIG, else the file in HOME. Throws Refusal. */
export function openSession(call: ProgramCall, flags: ParsedFlags): Session {
  const timeout = flags.values.get('request-timeout');
  if (timeout !== undefined && !/^\d+$/.test(timeout) && milliseconds(timeout) === null) {
    throw new Refusal(
      'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
  const config = load(flags.values.get('kubeconfig') ?? call.env['KUBECONFIG'] ?? `${call.env['HOME'] ?? ''}/.kube/config`);
  const asked = flags.values.get('context');
  const name = asked ?? config['current-context'] ?? '';
  const context = config.contexts.find((entry) => entry.name === name)?.value;
  if (!context && name !== '') throw unknownContext(name, flags);
  if (!context) throw new Refusal('The connection to the server localhost:8080 was refused - did you specify the right host or port?');
  const token = config.users.find((entry) => entry.name === context.user)?.value?.token;
  const { read, write } = call.state.tokens;
  if (token !== read && token !== write) throw new Refusal('error: You must be logged in to the server (Unauthorized)');
  const mayWrite = token === write;
  return {
    user: mayWrite ? 'watchkeeper-writer' : 'watchkeeper-reader',
    mayWrite,
    namespace: flags.values.get('namespace') ?? context.namespace ?? 'default',
    everywhere: ['true', '1'].includes(flags.values.get('all-namespaces') ?? ''),
  };
}

/** kubectl has two wordings: with and without other overrides of the configuration. Seen in 1.34.2. */
function unknownContext(name: string, flags: ParsedFlags): Refusal {
  const overrides = flags.values.has('namespace') || flags.values.has('request-timeout');
  return new Refusal(
    overrides ? `error: context "${name}" does not exist` : `Error in configuration: context was not found for specified context: ${name}`,
  );
}

function load(path: string): Kubeconfig {
  try {
    return Kubeconfig.parse(parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Kubeconfig.parse({});
    throw new Refusal(`error: error loading config file "${path}": yaml: the file is not a kubeconfig`);
  }
}
