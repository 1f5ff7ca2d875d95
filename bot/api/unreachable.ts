/** What the code of a failed connection means, and what can be done about it. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it broke off the connection',
  ENOTFOUND: 'no such host name is known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to it from here',
  ENETUNREACH: 'there is no way to it from here',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_SOCKET: 'it broke off the connection',
  CERT_HAS_EXPIRED: 'its certificate has expired: it has to be renewed',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: use the name that it is for',
  EPROTO: 'it does not speak TLS as asked: is the address https where it should be http?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: is the address https where it should be http?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: is the address https where it should be http?',
};

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const inner = at instanceof AggregateError ? at.errors[0] : at;
    if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code;
    if (at.message === 'unexpected redirect') return 'redirect';
  }
  return null;
}

/** Why a server could not be asked, in words for people; `host` as in a URL. */
export function unreachable(host: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `${host} did not answer in time`;
  const code = codeOf(error);
  if (code === 'redirect') return `${host} sends to another address, which is not followed with a token: give the address that it sends to`;
  if (code !== null && untrusted.has(code))
    return `${host} cannot be trusted: its certificate is signed by nobody who is known here. Where it is your own authority, set NODE_EXTRA_CA_CERTS to a file with its certificate`;
  const why = code === null ? undefined : words[code];
  return `${host} cannot be reached${why === undefined ? '' : `: ${why}`}`;
}
