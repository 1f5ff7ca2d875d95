import type { Remedy } from '../system.ts';

export const remedy: Remedy = ({ code, message }, account) => {
  const setting = `vault.token.${account} of the site`;
  const make = `vault token create -policy=watchkeeper-${account} -period=24h`;
  if (/Vault is sealed/.test(message))
    return 'unseal it: vault operator unseal, once for each share of its key that vault status still wants';
  if (/not initialized/.test(message)) return 'initialize and unseal it (vault operator init), or correct vault.address';
  if (/x509:|certificate/.test(message))
    return 'name the authority of its certificate in vault.caCert, or correct the host in vault.address';
  if (/HTTP response to HTTPS client|HTTP request to an HTTPS server/.test(message)) return 'correct http or https in vault.address';
  if (code === 'forbidden')
    return `its token has expired, was revoked, or lacks a policy: make a new one (${make}) and write it into the file that ${setting} names`;
  if (code === 'context_unknown') return `write a token (${make}) into the file that ${setting} names, where the site's runner runs`;
  if (code === 'not_found') return 'correct vault.address: no Vault answers there, or vault.namespace: it has none of that name';
  if (code === 'unreachable' || code === 'timeout')
    return 'start it, see whether it answers where the runner runs (curl -sS <vault.address>/v1/sys/health), or correct vault.address';
  return null;
};
