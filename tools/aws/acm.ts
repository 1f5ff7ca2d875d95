import { z } from 'zod';
import { answerOf, fetched, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Arn } from './names.ts';

const nullable = z.string().nullable();

export const certificates = awsRead({
  name: 'aws.acm_certificates',
  summary: 'Certificates of ACM, those that end soonest first',
  input: Regional,
  output: listOf(
    z.object({ arn: z.string(), domain: z.string(), status: nullable, type: nullable, inUse: z.boolean().nullable(), notAfter: instant }),
  ),
  line: () => ['acm', 'list-certificates', fetched],
  parse: ({ stdout }) => {
    const Summary = z.object({
      CertificateArn: z.string(),
      DomainName: text,
      Status: maybe,
      Type: maybe,
      InUse: z.boolean().nullish(),
      NotAfter: when,
    });
    const { CertificateSummaryList, NextToken: next } = answerOf(z.object({ CertificateSummaryList: many(Summary), NextToken }), stdout);
    const all = CertificateSummaryList.map(({ CertificateArn, DomainName, Status, Type, InUse, NotAfter }) => ({
      ...{ arn: CertificateArn, domain: DomainName, status: Status, type: Type, inUse: InUse ?? null, notAfter: NotAfter },
    }));
    return listed(
      all.toSorted((a, b) => (a.notAfter ?? '9').localeCompare(b.notAfter ?? '9')),
      next,
    );
  },
  permissions: ['acm:ListCertificates'],
});

const Certificate = z.object({
  Certificate: z.object({
    CertificateArn: z.string(),
    DomainName: text,
    SubjectAlternativeNames: many(z.string()),
    Status: text,
    FailureReason: maybe,
    RenewalEligibility: maybe,
    RenewalSummary: z.object({ RenewalStatus: maybe, RenewalStatusReason: maybe }).nullish(),
    NotBefore: when,
    NotAfter: when,
    InUseBy: many(z.string()),
    DomainValidationOptions: many(z.object({ DomainName: text, ValidationStatus: maybe, ValidationMethod: maybe })),
  }),
});

export const certificate = awsRead({
  name: 'aws.acm_certificate',
  summary: 'A certificate of ACM: names, end, renewal, validation, and what uses it',
  input: Regional.extend({ certificate: Arn }),
  output: z.object({
    arn: z.string(),
    domain: z.string(),
    names: z.array(z.string()),
    status: z.string(),
    failure: nullable,
    renewal: nullable,
    notBefore: instant,
    notAfter: instant,
    inUseBy: z.array(z.string()),
    validation: z.array(z.object({ domain: z.string(), status: nullable, method: nullable })),
  }),
  line: ({ certificate: arn }) => ['acm', 'describe-certificate', flag('certificate-arn', arn)],
  parse: ({ stdout }) => {
    const { Certificate: one } = answerOf(Certificate, stdout);
    return {
      ...{
        arn: one.CertificateArn,
        domain: one.DomainName,
        names: one.SubjectAlternativeNames,
        status: one.Status,
        failure: one.FailureReason,
      },
      ...{ renewal: one.RenewalSummary?.RenewalStatus ?? one.RenewalEligibility, notBefore: one.NotBefore, notAfter: one.NotAfter },
      inUseBy: one.InUseBy.slice(0, 50),
      validation: one.DomainValidationOptions.map(({ DomainName, ValidationStatus, ValidationMethod }) => ({
        ...{ domain: DomainName, status: ValidationStatus, method: ValidationMethod },
      })),
    };
  },
  permissions: ['acm:DescribeCertificate'],
});
