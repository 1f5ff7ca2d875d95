import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const lease = 'database/creds/readonly/2f6a614cVvYqK1';
const accessor = '1oqgH5yZRFkVkiMiNTRP5MyC';
const orders = { mount: 'transit', name: 'orders' };
const app = { mount: 'database', name: 'app' };

/** In words of `vault -help`, Vault 1.20 and OpenBao 2.7. */
export const examples: Examples = {
  'vault.audit_list': { input: {}, line: 'vault audit list -format=json' },
  'vault.auth_list': { input: {}, line: 'vault auth list -format=json' },
  'vault.database_role': { input: app, line: 'vault read -format=json database/static-roles/app' },
  'vault.database_rotate': { input: app, line: 'vault write -format=json -force database/rotate-role/app' },
  'vault.key_rotate': { input: {}, line: 'vault operator rotate -format=json' },
  'vault.key_status': { input: {}, line: 'vault operator key-status -format=json' },
  'vault.kv_list': { input: { mount: 'secret', path: 'team-a' }, line: 'vault kv list -format=json -mount=secret team-a' },
  'vault.kv_metadata': {
    input: { mount: 'secret', path: 'team-a/db' },
    line: 'vault kv metadata get -format=json -mount=secret team-a/db',
  },
  'vault.lease_list': {
    input: { prefix: 'database/creds/readonly' },
    line: 'vault list -format=json sys/leases/lookup/database/creds/readonly/',
  },
  'vault.lease_renew': { input: { lease, seconds: 3600 }, line: `vault lease renew -format=json -increment=3600s ${lease}` },
  'vault.lease_revoke': { input: { lease }, line: `vault lease revoke -sync=true ${lease}` },
  'vault.lease_state': { input: { lease }, line: `vault lease lookup -format=json ${lease}` },
  'vault.pki_certificate': { input: { mount: 'pki', serial: '39:dd:2e' }, line: 'vault read -format=json pki/cert/39:dd:2e' },
  'vault.pki_list': { input: { mount: 'pki' }, line: 'vault list -format=json pki/certs' },
  'vault.policy_list': { input: {}, line: 'vault policy list -format=json' },
  'vault.policy_read': { input: { policy: 'shop-read' }, line: 'vault policy read -format=json shop-read' },
  'vault.raft_peers': { input: {}, line: 'vault operator raft list-peers -format=json' },
  'vault.secrets_list': { input: {}, line: 'vault secrets list -format=json' },
  'vault.status': { input: {}, line: 'vault status -format=json' },
  'vault.token_revoke': { input: { accessor }, line: `vault token revoke -accessor ${accessor}` },
  'vault.token_state': { input: { accessor }, line: `vault token lookup -format=json -accessor ${accessor}` },
  'vault.transit_key': { input: orders, line: 'vault read -format=json transit/keys/orders' },
  'vault.transit_rotate': { input: orders, line: 'vault write -format=json -force transit/keys/orders/rotate' },
};

/** What the sample site has of it. */
export const sample: SystemSettings['vault'] = { address: 'https://vault.example', token: sampleFiles };
