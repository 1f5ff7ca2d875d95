import { stringify } from 'yaml';
import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { RightsQuestion } from '../system.ts';
import { grafanaApi } from './api.ts';

const Permissions = z.record(z.string(), z.array(z.string()));

/** Actions of which an account's own list is of interest: those that operations need. */
const ours = /^(dashboards|datasources|annotations|alert\.(rules|silences|instances|provisioning)):/;

/** What an account may do, with the scopes that it may do it in: `annotations:create on annotations:type:*`. */
export const rights: readonly RightsQuestion[] = [
  {
    command: () => grafanaApi('access-control/user/permissions'),
    parse: ({ stdout }) =>
      Object.entries(parseJson(Permissions, stdout))
        .filter(([action]) => ours.test(action))
        .map(([action, scopes]) => [action, scopes.filter((scope) => scope !== '').join(', ')].filter((part) => part !== '').join(' on '))
        .toSorted(),
  },
];

/** A role file as Grafana provisions it: https://grafana.com/docs/grafana/latest/administration/roles-and-access-control/rbac-grafana-provisioning/ */
export function roleFile(name: string, permissions: readonly string[]): string {
  const grants = permissions.toSorted().map((permission) => {
    const [action, scope] = permission.split(' on ');
    return scope === undefined ? { action } : { action, scope };
  });
  const role = { name: `custom:${name}`, uid: name.replace(/[^a-z0-9]/g, '_'), version: 1, global: false, permissions: grants };
  return stringify({ apiVersion: 2, roles: [role] });
}
