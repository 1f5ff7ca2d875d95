import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity } from '../look.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** In the words of Go, OpenSSL, Java and Node.js. */
const expired =
  /certificate has expired|CertificateExpiredException|CERT_HAS_EXPIRED|certificate is expired|alert certificate expired|is after \d{4}-/i;
const early = /CertificateNotYetValidException|CERT_NOT_YET_VALID|certificate is not yet valid|is before \d{4}-/i;
const about = /certificate|x509|cert_|tls|ssl/i;

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const entity = podEntity(seen);
  const name = { ...entity, namespace: seen.pod.namespace };
  const log = logsOf(snapshot, seen).find(({ sample }) => about.test(sample) && (expired.test(sample) || early.test(sample)));
  if (log === undefined || !(inTrouble(seen) || ailing(snapshot, name))) return [];
  // Go says both in one sentence, and which of them by the times behind it.
  const tooEarly = early.test(log.sample) && !/is after \d{4}-/.test(log.sample);
  return [
    finding({
      analyzer: 'certificates',
      cause: tooEarly ? 'certificate_not_yet_valid' : 'certificate_expired',
      entity,
      title: `${entity.name} meets a certificate that is ${tooEarly ? 'not valid yet' : 'expired'}`,
      mechanism: tooEarly
        ? 'A certificate begins to be valid later than its clock says: a clock is wrong, or the certificate was made on a machine whose clock is.'
        : 'A certificate was not renewed in time, so every connection that is checked by it is refused.',
      refutedBy: 'The certificate that is presented now is valid, by a clock that is right.',
      confidence: inTrouble(seen) ? 0.9 : 0.8,
      evidence: [
        [log, log.sample.slice(0, 480)],
        [seen, `${seen.pod.name} is ${seen.pod.ready ? 'ready' : 'not ready'}`],
      ],
    }),
  ];
}

/** Programs that refuse, or are refused, because of the time of a certificate. */
export function certificates(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(({ pod }) => !pod.deleting && pod.phase !== 'Succeeded')).flatMap((seen) =>
    explain(snapshot, seen),
  );
}
