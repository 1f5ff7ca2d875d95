import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1, made by openssl; it is its own authority. Clients trust `certificate`. */
export async function selfSigned(directory: string, name: string): Promise<KeyPair> {
  const pair = { certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
    ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost', '-keyout', pair.key, '-out', pair.certificate],
  ]);
  return pair;
}
