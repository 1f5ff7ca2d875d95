import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { dataOf, VaultPath, vault, vaultTimeoutMs, within } from './vault.ts';

/** Certificates in an answer. */
const limit = 500;

export const pkiList = read({
  name: 'vault.pki_list',
  summary: 'Serial numbers of the certificates that an authority has issued',
  input: z.strictObject({ mount: VaultPath }),
  output: z.object({ serials: z.array(z.string()), /** Certificates left out. */ omitted: z.number().int().nonnegative() }),
  command: ({ mount }, site) => within(site, 'pki', mount, 'certs', (path) => vault(site, ['list'], [], [path])),
  answers: ({ exitCode, stdout }) => exitCode === 2 && stdout.trim() === '{}',
  parse: ({ stdout }) => {
    const all = stdout.trim() === '{}' ? [] : parseJson(z.array(z.string()), stdout);
    return { serials: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/mounts', 'list pki/certs'],
});

const Serial = argument(80).regex(/^(ca|[0-9a-f]{2}(:[0-9a-f]{2}){0,25})$/, 'must be ca, or a serial number such as 39:dd:2e');

function certificateIn(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new OutputMalformed('what was printed is no certificate');
  }
}

export const pkiCertificate = read({
  name: 'vault.pki_certificate',
  summary: 'Until when a certificate holds that an authority has issued, or that of the authority itself',
  input: z.strictObject({ mount: VaultPath, serial: Serial.default('ca') }),
  output: z.object({
    subject: z.string(),
    names: z.array(z.string()),
    validFrom: z.string(),
    validTo: z.string(),
    /** Negative: it is over. At the time of the call. */
    daysLeft: z.number().int(),
    revoked: z.boolean(),
  }),
  command: ({ mount, serial }, site) => within(site, 'pki', mount, `cert/${serial}`, (path) => vault(site, ['read'], [], [path])),
  parse: ({ stdout }) => {
    const found = dataOf(z.object({ certificate: z.string(), revocation_time: z.number().default(0) }), stdout);
    const { subject, subjectAltName = '', validFrom, validTo } = certificateIn(found.certificate);
    return {
      subject: subject.replaceAll('\n', ', '),
      names: subjectAltName === '' ? [] : subjectAltName.split(', ').slice(0, 50),
      ...{ validFrom: new Date(validFrom).toISOString(), validTo: new Date(validTo).toISOString() },
      daysLeft: Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000),
      revoked: found.revocation_time > 0,
    };
  },
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/mounts', 'read pki/cert/+'],
});
