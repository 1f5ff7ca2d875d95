import { sha256Hex } from './canonical.ts';
import type { Via } from './contract.ts';
import { programsOf } from './git/lines.ts';
import { urlOf } from './http.ts';
import type { Command, GitCommand, HttpSequence, ProbeCommand } from './operation.ts';
import type { Redactor } from './ports.ts';
import type { Site } from './site.ts';
import { requestsOf } from './slots.ts';
import { apiOf } from './systems.ts';

/** A command as people and observations see it: resolved at the site, redacted, standard input as its hash. */
export function viaOf(site: Site, command: Command, redactor: Redactor): Via {
  if (command.kind !== 'git' && command.kind !== 'requests') return oneVia(site, command, redactor);
  const all = command.kind === 'git' ? programsOf(command) : requestsOf(command);
  return { kind: 'sequence', of: all.map(({ when, command: one }) => ({ when, via: oneVia(site, one, redactor) })) };
}

function oneVia(site: Site, command: Exclude<Command, GitCommand | HttpSequence>, redactor: Redactor): Exclude<Via, { kind: 'sequence' }> {
  if (command.kind === 'cli') {
    const argv = command.argv.map((argument) => redactor.text(argument).text);
    return { kind: 'cli', binary: command.binary, argv, stdinSha256: command.stdin === undefined ? null : sha256Hex(command.stdin) };
  }
  if (command.kind === 'probe') return { ...probeVia(command), url: redactor.text(probeVia(command).url).text };
  const url = urlOf(apiOf(site, command.service)?.url ?? 'http://unconfigured.invalid', command);
  return {
    kind: 'http',
    method: command.method,
    url: redactor.text(withWords(url.href)).text,
    bodySha256: command.body === undefined ? null : sha256Hex(command.body),
  };
}

/** What one request learns stands as `<word>` in the paths of others. */
function withWords(url: string): string {
  return url.replace(/%3C([a-z]+)%3E/g, '<$1>');
}

/** A look at a host in the form of a request: `GET https://host:443/path`, `TLS tls://host:443`, `DNS dns:host?type=A`. */
function probeVia({ what, host, port, secure, method, path, type }: ProbeCommand): Extract<Via, { kind: 'http' }> {
  const common = { kind: 'http', bodySha256: null } as const;
  if (what === 'dns') return { ...common, method: 'DNS', url: `dns:${host}?type=${type}` };
  if (what === 'tls') return { ...common, method: 'TLS', url: `tls://${host}:${port}` };
  return { ...common, method: method ?? 'GET', url: `${secure ? 'https' : 'http'}://${host}:${port}${path}` };
}
