import type { Remedy } from '../system.ts';

export const remedy: Remedy = ({ code, message }, account) => {
  const setting = `boundary.token.${account} of the site`;
  if (/x509:|certificate/.test(message))
    return 'name the authority of its certificate in boundary.caCert, or correct the host in boundary.address';
  if (/HTTP response to HTTPS client|HTTP request to an HTTPS server/.test(message)) return 'correct http or https in boundary.address';
  if (code === 'forbidden')
    return `its token has expired, or its role lacks grants: sign in anew (boundary authenticate, as the account that ${account}s) and write the token into the file that ${setting} names; docs/guides/boundary-${account}-grants.txt has the grants`;
  if (code === 'context_unknown')
    return `write a token (boundary authenticate) into the file that ${setting} names, where the site's runner runs`;
  if (code === 'not_found') return 'correct boundary.address: no controller answers there';
  if (code === 'unreachable' || code === 'timeout')
    return 'start the controller, see whether it answers where the runner runs (curl -sS <boundary.address>/v1/scopes), or correct boundary.address';
  return null;
};
