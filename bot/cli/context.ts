import type { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import { connect } from './connect.ts';
import type { Out } from './out.ts';
import type { Screen } from './screen.ts';
import type { Variables } from './settings.ts';

/** What commands are registered on. */
export interface CliContext {
  readonly out: Out;
  /** Undefined: the process's own. */
  readonly variables: Variables | undefined;
  /** Connects with WATCHKEEPER_URL, and WATCHKEEPER_TOKEN or the session. Throws ConfigInvalid, SessionBroken. */
  api(): ApiClient;
  /** The exit status of a command that did not throw. */
  exit(status: number): void;
  /** The terminal as a whole, for what is shown live; null: there is none. */
  screen(): Screen | null;
}

interface ContextOptions extends Pick<CliContext, 'out' | 'exit' | 'screen'> {
  readonly variables: Variables | undefined;
}

export function createCliContext(options: ContextOptions): CliContext {
  return { ...options, api: () => connect(options.variables) };
}

export interface JsonFlag {
  readonly json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print the answer as one line of JSON');
}
