/** Sections of a file as ~/.aws/credentials has them: key and value by section. */
export type Profiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What may stand in a profile. Everything else could start a program, ask another address, or find credentials elsewhere. */
const allowed: ReadonlySet<string> = new Set([
  ...['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'aws_account_id', 'region', 'output'],
  ...['role_arn', 'source_profile', 'role_session_name', 'external_id', 'duration_seconds', 'sts_regional_endpoints'],
]);

const secret: ReadonlySet<string> = new Set(['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'external_id']);

/** Null: not in that form. */
export function parseProfiles(text: string): Profiles | null {
  const profiles = new Map<string, Map<string, string>>();
  let current: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const [, section] = /^\[([^\]]+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^([A-Za-z0-9_.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      current = profiles.get(section.trim()) ?? new Map();
      profiles.set(section.trim(), current);
    } else if (key !== undefined && current !== null) current.set(key.toLowerCase(), (value ?? '').trim());
    else return null;
  }
  return profiles;
}

/** Why a file may not be used; null when it may. `instance`: it may name the role of the machine. */
export function profilesRefusal(text: string, { instance }: { instance: boolean }): string | null {
  const profiles = parseProfiles(text);
  if (profiles === null) return 'is not in the form of ~/.aws/credentials';
  if (!profiles.has('default')) return 'has no profile default';
  for (const [name, values] of profiles) {
    if (/^(plugins|preview|services .*|sso-session .*)$/.test(name)) return `has a section [${name}], which is not allowed`;
    for (const [key, value] of values) {
      if (key === 'credential_source' && instance && value === 'Ec2InstanceMetadata') continue;
      if (!allowed.has(key)) return `sets ${key} in [${name}], which is not allowed: only keys and roles are`;
    }
  }
  return instance && profiles.get('default')?.get('credential_source') === undefined ? 'names no credential_source in [default]' : null;
}

/** What must never be shown of such a file. */
export function profileSecrets(text: string): readonly string[] {
  return [...(parseProfiles(text)?.values() ?? [])].flatMap((values) =>
    [...values].flatMap(([key, value]) => (secret.has(key) && value !== '' ? [value] : [])),
  );
}
