import { type Pattern, sticky } from './pattern.ts';
import { isValue } from './values.ts';

/**
 * Who holds a signed address may use it: presigned ones of S3 and Google Cloud, shared access signatures of Azure, signed ones of
 * CloudFront. Only the signature (and a session token) goes: where it points stays readable. `&` may be escaped as HTML or JSON.
 */
export const signedUrls: readonly Pattern[] = [
  {
    kind: 'signed-url',
    keywords: ['x-amz-signature', 'x-amz-security-token', 'x-goog-signature'],
    regex: sticky(
      String.raw`(?:x-amz-(?:signature|security-token)|x-goog-signature)(?:=|%3D|\\u003d)(?<bare>[A-Za-z0-9%+/_~.=-]{16,4096})`,
    ),
    accepts: isValue,
  },
  {
    kind: 'signed-url',
    keywords: ['sig=', 'signature='],
    regex: sticky(String.raw`(?<=[?&;]|\\u0026|%26)(?:sig|signature)=(?<bare>[A-Za-z0-9%+/_~.=-]{20,4096})`),
    accepts: isValue,
  },
];
