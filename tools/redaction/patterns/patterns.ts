import { passwordHashes } from './password-hashes.ts';
import { type Pattern, sticky } from './pattern.ts';
import { signedUrls } from './signed-urls.ts';
import { isTokenLike, isValue } from './values.ts';

const value = String.raw`(?:(?<quote>\\*["'])(?<quoted>(?:(?!\k<quote>)[^\r\n]){0,4096})|(?<bare>(?!\d+ bytes)[^\s"'\\,;&<>(){}[\]][^\s"'\\,;&]{0,4095}))`;
const assign = String.raw`\\*["']?[ \t]{0,64}(?:=>|:=|=|:)[ \t]{0,64}`;
const nameTail = '[a-z0-9_-]{0,16}';

const passwordNames = ['password', 'passwd', 'passphrase', 'pwd', 'pgpass', 'mysql_pwd'];
const tokenNames = [
  'token',
  'secret',
  'api_key',
  'api-key',
  'apikey',
  'access_key',
  'access-key',
  'accesskey',
  'private_key',
  'private-key',
  'client-key-data',
  'secret_key',
  'secret-key',
  'secretkey',
  'encryption_key',
  'signing_key',
  'credential',
  'account_key',
  'accountkey',
  'sharedaccesskey',
  'auth_key',
];

function alternatives(names: readonly string[]): string {
  return [...names].sort((a, b) => b.length - a.length).join('|');
}

/** Credentials by the place they stand in: headers, flags, addresses, and names of variables and keys. */
export const patterns: readonly Pattern[] = [
  {
    kind: 'service-token',
    keywords: ['wk_'],
    // Our own: 256 bits and a checksum.
    regex: sticky(String.raw`(?<bare>wk_[\w-]{43,49})`),
    accepts: () => true,
  },
  {
    kind: 'authorization',
    keywords: ['authorization'],
    regex: sticky(
      String.raw`authorization\\*["']?[ \t]{0,8}[:=][ \t]{0,8}\\*["']?(?:bearer|basic|token|negotiate|splunk|[a-z]{0,12}key)[ \t]{1,8}(?<bare>[^\s"'\\]{4,8192})`,
    ),
    accepts: isValue,
  },
  {
    kind: 'authorization',
    keywords: ['authorization'],
    regex: sticky(String.raw`authorization\\*["']?[ \t]{0,8}[:=][ \t]{0,8}\\*["']?(?<bare>[^\s"'\\]{8,8192})(?=["'\\]|\s*$|[\r\n])`),
    accepts: isTokenLike,
  },
  {
    kind: 'authorization',
    keywords: ['authorization'],
    regex: sticky(
      String.raw`authorization\\*["']?[ \t]{0,8}[:=][ \t]{0,8}\\*["']?(?:digest|aws4-hmac-sha256|oauth)[ \t]{1,8}(?<bare>[^\r\n']{4,8192})`,
    ),
    accepts: isValue,
  },
  {
    kind: 'authorization',
    keywords: ['bearer'],
    regex: sticky(String.raw`bearer[ \t]{1,8}(?<bare>[A-Za-z0-9._~+/=-]{8,8192})`),
    accepts: isTokenLike,
  },
  {
    kind: 'cookie',
    keywords: ['cookie'],
    regex: sticky(String.raw`cookie\\*["']?[ \t]{0,8}:[ \t]{0,8}\\*["']?(?<bare>[^\r\n"'\\=;]{1,256}=[^\r\n"'\\]{1,8192})`),
    accepts: isValue,
  },
  {
    kind: 'flag',
    keywords: ['--'],
    regex: sticky(
      String.raw`--(?:[a-z0-9]{1,24}-){0,4}(?:password|passwd|pass|passphrase|token|secret|api-?key|access-?key|secret-?key|private-?key|credentials?|pwd)(?:=|[ \t]{1,8}(?:\\\r?\n[ \t]{0,32})?|\\*["'],[ \t]*(?=["']))(?!-)${value}`,
    ),
    accepts: isValue,
  },
  {
    kind: 'flag',
    keywords: ['mysql', 'sshpass', 'mariadb'],
    regex: sticky(String.raw`(?:mysql|mariadb|sshpass)[a-z_]{0,16}(?:[ \t][^\r\n|;]{0,256}?)?[ \t]-p(?![ \t])${value}`),
    accepts: isValue,
  },
  {
    kind: 'url-password',
    keywords: ['://'],
    regex: sticky(String.raw`:\/\/[^\s:@/"'<>\\]{0,256}:(?<bare>(?!\d{1,5}/)[^\s"'<>\\]{1,512})@`),
    accepts: isValue,
  },
  { kind: 'url-password', keywords: ['://'], regex: sticky(String.raw`:\/\/(?<bare>[A-Za-z0-9_.~%-]{16,512})@`), accepts: isTokenLike },
  {
    kind: 'private-key',
    keywords: ['private key'],
    // Short and cut off ones too, which the rules do not know.
    regex: sticky(String.raw`private key(?: block)?-----(?<bare>(?:\[nr]|[A-Za-z0-9+/=:,. \t\r\n-](?!----END)){16,16384})`),
    accepts: (text) => /[A-Za-z0-9+/]{16}/.test(text),
  },
  ...signedUrls,
  ...passwordHashes,
  {
    kind: 'password',
    keywords: passwordNames,
    regex: sticky(`(?:${alternatives(passwordNames)})${nameTail}${assign}${value}`),
    accepts: isValue,
  },
  {
    kind: 'secret',
    keywords: tokenNames,
    regex: sticky(`(?:${alternatives(tokenNames)})(?:[_-]?(?:id|key|value|data|base64|b64|[0-9]{1,3})){0,2}${assign}${value}`),
    accepts: isTokenLike,
  },
  {
    kind: 'env',
    keywords: [...passwordNames, ...tokenNames, '_key', 'dsn', 'database_url'],
    regex: sticky(
      String.raw`[a-z_-]{2,20}${nameTail}\\*["']?(?:,|[ \t]{0,64}(?:\r?\n|\\n))?[\s]{0,64}\\*["']?value\\*["']?[ \t]{0,8}:[ \t]{0,8}${value}`,
    ),
    accepts: isValue,
  },
];
