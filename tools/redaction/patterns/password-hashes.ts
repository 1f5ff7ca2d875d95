import { type Pattern, sticky } from './pattern.ts';

const sign = String.raw`\${1,2}`;
const crypt = '[./A-Za-z0-9]';

function hash(keywords: readonly string[], source: string): Pattern {
  return { kind: 'password-hash', keywords, regex: sticky(`(?<bare>${source})`), accepts: () => true };
}

/** Password hashes as in htpasswd and shadow files: they can be guessed offline. In compose files `$` is doubled. */
export const passwordHashes: readonly Pattern[] = [
  hash(['$apr1$', '$$apr1$$', '$1$', '$$1$$'], `${sign}(?:apr1|1)${sign}${crypt}{1,8}${sign}${crypt}{22}`),
  hash(['$5$', '$$5$$', '$6$', '$$6$$'], `${sign}[56]${sign}(?:rounds=\\d{1,9}${sign})?${crypt}{1,16}${sign}${crypt}{43,86}`),
  hash(['$2a$', '$2b$', '$2x$', '$2y$', '$$2a$$', '$$2b$$', '$$2y$$'], `${sign}2[abxy]${sign}\\d\\d${sign}${crypt}{53}`),
  hash(['$y$', '$gy$', '$7$'], `\\$(?:g?y|7)\\$${crypt}{1,86}(?:\\$${crypt}{1,86})?\\$${crypt}{43}`),
  hash(['$argon2'], String.raw`\$argon2(?:id|i|d)\$v=\d{1,3}\$m=[\dtmp=,]{1,64}\$[A-Za-z0-9+/]{8,128}\$[A-Za-z0-9+/]{16,256}`),
  hash(['{sha}', '{ssha}', '{sha256}', '{ssha256}', '{sha512}', '{ssha512}'], String.raw`\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{26,172}={0,2}`),
];
