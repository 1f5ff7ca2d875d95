import type { ToolCall, ToolErrorCode } from './contract.ts';
import { SiteIncomplete } from './errors.ts';
import type { AnyOperation, Command, SiteFacts } from './operation.ts';
import type { Registry } from './registry.ts';
import type { Site } from './site.ts';
import { apiOf, programOf, systemNamed } from './systems.ts';

/** A call that the allow-list, the input's type and the site permit to be built. */
export interface Prepared {
  readonly kind: 'prepared';
  readonly operation: AnyOperation;
  readonly input: unknown;
  readonly command: Command;
}

export interface Refusal {
  readonly code: ToolErrorCode;
  readonly message: string;
}

/** Allow-list → typed input → command line. Executes nothing. */
export function prepare(
  { site, registry }: { site: Site; registry: Registry },
  call: Pick<ToolCall, 'operation' | 'input' | 'mode'>,
): Prepared | (Refusal & { readonly kind: 'refused' }) {
  const operation = registry.get(call.operation);
  if (operation === undefined) return refused('unknown_operation', `${call.operation} is not a registered operation`);
  const input = operation.input.safeParse(call.input);
  if (!input.success) return refused('bad_input', issuesOf(input.error.issues));
  const build = builderOf(operation, call.mode);
  if (typeof build === 'string') return refused('bad_input', build);
  try {
    const command = build(input.data, factsOf(site));
    const lack = lackOf(site, command);
    return lack === null ? { kind: 'prepared', operation, input: input.data, command } : { kind: 'refused', ...lack };
  } catch (error) {
    if (error instanceof SiteIncomplete) return refused(error.code, error.message);
    throw error;
  }
}

type Build = (input: unknown, site: SiteFacts) => Command;

function builderOf(operation: AnyOperation, mode: ToolCall['mode']): Build | string {
  if (mode !== 'dry_run') return operation.command;
  if (operation.kind === 'read') return 'a read has no dry run';
  return operation.dryRun ?? `no dry run: ${operation.noDryRunReason}`;
}

/** True when a command itself says that it changes nothing. */
export function isDryRun(command: Command): boolean {
  if (command.kind === 'git') return command.what === 'preview';
  if (command.kind === 'cli') return programOf(command.binary)?.isDryRun?.(command.argv) === true;
  if (command.kind === 'requests') return command.of.every(({ command: one }) => isDryRun(one));
  return command.kind === 'http' && (command.method === 'GET' || systemNamed(command.service)?.isDryRun?.(command) === true);
}

/** What operations may know of a site. */
export function factsOf(site: Site): SiteFacts {
  return { ...site, url: (service) => apiOf(site, service)?.url ?? null, has: (binary) => Object.hasOwn(site.binaries, binary) };
}

/** What the site lacks; asked before a grant is claimed, so that a missing program does not use one up. */
function lackOf(site: Site, command: Command): Refusal | null {
  if (command.kind === 'probe') return null;
  if (command.kind === 'http' || command.kind === 'requests') {
    return apiOf(site, command.service) === null
      ? { code: 'context_unknown', message: `site ${site.name} has no ${command.service} URL` }
      : null;
  }
  const binary = command.kind === 'git' ? 'git' : command.binary;
  return Object.hasOwn(site.binaries, binary) ? null : { code: 'cli_missing', message: `${binary} is not installed at site ${site.name}` };
}

function refused(code: ToolErrorCode, message: string): Refusal & { readonly kind: 'refused' } {
  return { kind: 'refused', code, message };
}

/** Where and what, never the value: it is not redacted. */
function issuesOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string {
  return issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`)
    .join('; ')
    .slice(0, 500);
}
