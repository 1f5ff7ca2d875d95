import { sha256Hex } from './canonical.ts';
import type { Via } from './contract.ts';
import { baseUrl, urlOf } from './http.ts';
import type { Command } from './operation.ts';
import type { Redactor, RunnerSite } from './ports.ts';

/** A command as people and observations see it: resolved at the site, redacted, standard input as its hash. */
export function viaOf(site: RunnerSite, command: Command, redactor: Redactor): Via {
  if (command.kind === 'cli') {
    const argv = command.argv.map((argument) => redactor.text(argument).text);
    return { kind: 'cli', binary: command.binary, argv, stdinSha256: command.stdin === undefined ? null : sha256Hex(command.stdin) };
  }
  const url = urlOf(baseUrl(site, command.service) ?? 'http://unconfigured.invalid', command);
  return { kind: 'http', method: command.method, url: redactor.text(url.href).text, bodySha256: null };
}
