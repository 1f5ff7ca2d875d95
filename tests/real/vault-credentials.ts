import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { Site } from '../../tools/site.ts';
import { createTestSite, type TestSite } from './site.ts';
import type { Vault } from './vault.ts';

/** A site whose tokens are in Vault, for a runner with a workload identity that Vault knows by a public key. */
export interface CredentialsBench {
  /** `role`: whom it says it is; `sub`: who it is; `seconds`: what its clock is ahead. */
  site(options?: { readonly role?: string; readonly sub?: string; readonly path?: string; readonly address?: string }): Promise<TestSite>;
  /** Moves the clock of all sites. */
  later(seconds: number): void;
  /** What the other system was shown, last. */
  authorization(): string;
  close(): Promise<void>;
}

export const runnerSubject = 'system:serviceaccount:watchkeeper:runner';

export async function startCredentials(vault: Vault): Promise<CredentialsBench> {
  const folder = await mkdtemp(join(tmpdir(), 'watchkeeper-vault-credentials-'));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const at = (name: string) => join(folder, name);
  await writeFile(at('key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(at('policy.hcl'), 'path "secret/data/watchkeeper/*" {\n  capabilities = ["read"]\n}\n');
  // It prints what it was given, as a careless program does in an error.
  await writeFile(at('argocd'), '#!/bin/sh\necho "server $ARGOCD_SERVER refused $ARGOCD_AUTH_TOKEN" >&2\nexit 20\n');
  await chmod(at('argocd'), 0o755);
  await vault.root('auth', 'enable', 'jwt');
  await vault.root('write', 'auth/jwt/config', `jwt_validation_pubkeys=@${at('key.pem')}`);
  await vault.root('policy', 'write', 'watchkeeper-credentials', at('policy.hcl'));
  await vault.root(
    ...['write', 'auth/jwt/role/runner', 'role_type=jwt', 'user_claim=sub', 'bound_audiences=vault', `bound_subject=${runnerSubject}`],
    ...['token_policies=watchkeeper-credentials', 'token_ttl=10m'],
  );

  let [ahead, shown, count] = [0, '', 0];
  const server = createServer(({ headers }, response) => {
    shown = headers.authorization ?? '';
    response.writeHead(403).end(JSON.stringify({ error: `no rights for ${shown}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };

  return {
    async site({ role = 'runner', sub = runnerSubject, path = 'watchkeeper/shop', address = vault.address } = {}) {
      const tokenFile = at(`jwt-${count++}`);
      const jwt = new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).setSubject(sub).setAudience('vault');
      await writeFile(tokenFile, await jwt.setIssuedAt().setExpirationTime('1h').sign(privateKey));
      const inVault = (field: string) => ({ vault: { path: `secret/data/${path}`, field } });
      const token = { read: inVault('read'), write: inVault('write') };
      const { tempo, argocd, credentials } = Site.parse({
        ...{ name: 'real', tempo: { url: `http://127.0.0.1:${port}`, token }, argocd: { server: 'argocd.example:443', token } },
        credentials: { vault: { address, caCert: vault.caCert, auth: { jwt: { role, tokenFile } } } },
      });
      const options = { ...(tempo && { tempo }), ...(argocd && { argocd }), ...(credentials && { credentials }) };
      return await createTestSite({ ...options, binaries: { argocd: at('argocd') } }, () => new Date(Date.now() + ahead));
    },
    later(seconds) {
      ahead += seconds * 1000;
    },
    authorization: () => shown,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
