import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 > 2^256. */
const randomDigits = 43;
const checkDigits = 6;

/** Those of earlier versions had no checksum. */
const form = /^wk_(?:[\w-]{43}|[0-9A-Za-z]{49})$/;

/** CRC-32 of what stands before it, in base 62: a scanner for secrets can tell ours from what only looks like it, without asking us. */
function checksum(text: string): string {
  let rest = crc32(text);
  let written = '';
  for (let place = 0; place < checkDigits; place += 1) {
    written = digits.charAt(rest % 62) + written;
    rest = Math.floor(rest / 62);
  }
  return written;
}

function randomDigit(): string {
  for (;;) {
    const [byte = 255] = randomBytes(1);
    // 248 is 4 × 62: every digit is as likely as every other.
    if (byte < 248) return digits.charAt(byte % 62);
  }
}

/** `wk_`, 256 random bits, and a checksum. */
export function newSecret(): string {
  const secret = `wk_${Array.from({ length: randomDigits }, randomDigit).join('')}`;
  return `${secret}${checksum(secret)}`;
}

/** Whether we can have made it: what cannot be a token is not looked for in the database. */
export function mayBeSecret(text: string): boolean {
  if (!form.test(text)) return false;
  const end = 'wk_'.length + randomDigits;
  return text.length === end || checksum(text.slice(0, end)) === text.slice(end);
}
