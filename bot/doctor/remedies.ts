import type { ConfigFile } from '../config-file.ts';

/** The first code in a chain of errors: of a driver, a socket, or Slack; null: none of them has one. */
export function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    const inner = at instanceof AggregateError ? at.errors[0] : at;
    const code: unknown = inner instanceof Error ? Reflect.get(inner, 'code') : null;
    if (typeof code === 'string' || typeof code === 'number') return String(code);
  }
  return null;
}

/** What is wrong begins with where it is: `environment PORT: …`, or `<file>: sites.0.name: …`. */
export function configurationTodo(text: string, file: string): string {
  const [, variable] = /^(?:environment )?([A-Z][A-Z0-9_]{2,})\b/.exec(text) ?? [];
  if (variable !== undefined) return `set ${variable} in the environment, or unset it; what it takes: docs/guides/configuration.md`;
  return `edit that place in ${file}; what it takes: watchkeeper config schema, docs/guides/configuration.md`;
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function postgresTodo(code: string | null, url: string): string {
  const { hostname, port, pathname, username } = new URL(url);
  const [host, database, role] = [`${hostname}:${port || '5432'}`, pathname.slice(1) || 'watchkeeper', username || 'the role'];
  if (code === '28P01' || code === '28000')
    return `correct the user and password in DATABASE_URL, or as the owner: ALTER ROLE "${role}" PASSWORD '…'; see who may come in pg_hba.conf`;
  if (code === '3D000')
    return `correct the database in DATABASE_URL, or make it: createdb --host ${hostname} ${database}, then watchkeeper migrate`;
  if (code === '42501') return 'give the role its rights: DATABASE_MIGRATION_URL=… watchkeeper migrate';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `correct the host in DATABASE_URL: nobody knows the name ${hostname}`;
  if (code === '53300') return 'raise max_connections of Postgres, or run fewer processes: each takes up to 10 connections';
  return `start Postgres, see that it can be reached from here (pg_isready --host ${hostname} --port ${port || '5432'}), or correct ${host} in DATABASE_URL`;
}

/** Codes are those of gRPC. */
export function temporalTodo(code: string | null, address: string, namespace: string): string {
  if (code === '5')
    return `make the namespace: temporal operator namespace create --address ${address} --namespace ${namespace}; or correct TEMPORAL_NAMESPACE`;
  if (code === '7' || code === '16')
    return `set TEMPORAL_API_KEY (or TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY) to what may use the namespace ${namespace}`;
  return `start Temporal, see that it answers (temporal operator cluster health --address ${address}), or correct TEMPORAL_ADDRESS; a server with TLS takes TEMPORAL_TLS_CA`;
}

const app = 'https://api.slack.com/apps → the app';
const slackCodes: Readonly<Record<string, string>> = {
  missing_scope: `${app} → App Manifest: paste manifest.yml, save, and reinstall the app to the workspace`,
  account_inactive: `${app} → Install App: install it again, and copy the Bot User OAuth Token into SLACK_BOT_TOKEN`,
};

export function slackTodo(words: string): string {
  const known = Object.entries(slackCodes).find(([code]) => words.includes(code))?.[1];
  if (known !== undefined) return known;
  if (/invalid_auth|token_revoked|token_expired|not_authed/.test(words))
    return `${app} → OAuth & Permissions: copy the Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN`;
  return 'see that Slack can be reached from here (curl -sS https://slack.com/api/api.test), or correct SLACK_API_URL; a proxy is set by HTTPS_PROXY';
}

const installs: Readonly<Record<string, string>> = {
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
  helm: 'https://helm.sh/docs/intro/install/',
  aws: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  argocd: 'https://argo-cd.readthedocs.io/en/stable/cli_installation/',
  amtool: 'https://prometheus.io/download/#alertmanager',
};

type SiteName = ConfigFile['sites'][number]['name'];

export function installTodo(program: string, site: SiteName): string {
  const from = installs[program];
  return `install ${program}${from === undefined ? '' : ` (${from})`}, or name its path: sites[].binaries.${program} of ${site}`;
}
