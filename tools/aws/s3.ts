import { z } from 'zod';
import { answerOf, flagged, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { BucketName } from './names.ts';

/** Of buckets only what is set for them: no object is listed or read. */

export const buckets = awsRead({
  name: 'aws.s3_buckets',
  summary: 'Buckets of the account, and since when there are',
  input: Regional,
  output: listOf(z.object({ name: z.string(), createdAt: instant })),
  line: () => ['s3api', 'list-buckets'],
  parse: ({ stdout }) => {
    const { Buckets, NextToken: next } = answerOf(
      z.object({ Buckets: many(z.object({ Name: z.string(), CreationDate: when })), NextToken }),
      stdout,
    );
    return listed(
      Buckets.map(({ Name, CreationDate }) => ({ name: Name, createdAt: CreationDate })),
      next,
    );
  },
  permissions: ['s3:ListAllMyBuckets'],
});

const OneBucket = Regional.extend({ bucket: BucketName });

export const versioning = awsRead({
  name: 'aws.s3_versioning',
  summary: 'Whether a bucket keeps earlier versions of its objects',
  input: OneBucket,
  output: z.object({ status: z.enum(['Enabled', 'Suspended', 'never']), mfaDelete: z.string().nullable() }),
  line: ({ bucket }) => ['s3api', 'get-bucket-versioning', flag('bucket', bucket)],
  parse: ({ stdout }) => {
    const Versioning = z.object({ Status: z.enum(['Enabled', 'Suspended']).nullish(), MFADelete: maybe });
    const { Status, MFADelete } = answerOf(Versioning, stdout);
    return { status: Status ?? 'never', mfaDelete: MFADelete };
  },
  permissions: ['s3:GetBucketVersioning'],
});

const Rules = z.object({
  ServerSideEncryptionConfiguration: z.object({
    Rules: many(
      z.object({
        ApplyServerSideEncryptionByDefault: z.object({ SSEAlgorithm: text, KMSMasterKeyID: maybe }).nullish(),
        BucketKeyEnabled: flagged,
      }),
    ),
  }),
});

export const encryption = awsRead({
  name: 'aws.s3_encryption',
  summary: 'How a bucket encrypts what is put into it',
  input: OneBucket,
  output: z.object({ rules: z.array(z.object({ algorithm: z.string(), key: z.string().nullable(), bucketKey: z.boolean() })) }),
  line: ({ bucket }) => ['s3api', 'get-bucket-encryption', flag('bucket', bucket)],
  // None is set: that is an answer.
  answers: ({ stderr }) => stderr.includes('(ServerSideEncryptionConfigurationNotFoundError)'),
  parse: ({ exitCode, stdout }) => {
    if (exitCode !== 0) return { rules: [] };
    const { Rules: rules } = answerOf(Rules, stdout).ServerSideEncryptionConfiguration;
    return {
      rules: rules.map(({ ApplyServerSideEncryptionByDefault: own, BucketKeyEnabled }) => ({
        ...{ algorithm: own?.SSEAlgorithm ?? '', key: own?.KMSMasterKeyID ?? null, bucketKey: BucketKeyEnabled },
      })),
    };
  },
  permissions: ['s3:GetEncryptionConfiguration'],
});

const Block = z.object({
  PublicAccessBlockConfiguration: z.object({
    BlockPublicAcls: flagged,
    IgnorePublicAcls: flagged,
    BlockPublicPolicy: flagged,
    RestrictPublicBuckets: flagged,
  }),
});

export const publicAccess = awsRead({
  name: 'aws.s3_public_access',
  summary: 'Whether a bucket refuses to be public',
  input: OneBucket,
  output: z.object({
    set: z.boolean(),
    blockPublicAcls: z.boolean(),
    ignorePublicAcls: z.boolean(),
    blockPublicPolicy: z.boolean(),
    restrictPublicBuckets: z.boolean(),
  }),
  line: ({ bucket }) => ['s3api', 'get-public-access-block', flag('bucket', bucket)],
  answers: ({ stderr }) => stderr.includes('(NoSuchPublicAccessBlockConfiguration)'),
  parse: ({ exitCode, stdout }) => {
    const none = {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: false,
      },
    };
    const { PublicAccessBlockConfiguration: one } = exitCode === 0 ? answerOf(Block, stdout) : none;
    return {
      ...{ set: exitCode === 0, blockPublicAcls: one.BlockPublicAcls, ignorePublicAcls: one.IgnorePublicAcls },
      ...{ blockPublicPolicy: one.BlockPublicPolicy, restrictPublicBuckets: one.RestrictPublicBuckets },
    };
  },
  permissions: ['s3:GetBucketPublicAccessBlock'],
});
