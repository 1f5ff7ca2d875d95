import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { type CliCommand, read } from '../operation.ts';
import { answerOf, fetched, instant, listed, listOf, many, NextToken } from './answer.ts';
import { aws, awsRead, awsTimeoutMs, flag, optional, Regional } from './cli.ts';
import { Name } from './names.ts';

export const queues = awsRead({
  name: 'aws.sqs_queues',
  summary: 'Names of the queues of SQS, all or those that begin alike',
  input: Regional.extend({ prefix: Name.optional() }),
  output: listOf(z.string()),
  line: ({ prefix }) => ['sqs', 'list-queues', ...optional('queue-name-prefix', prefix), fetched],
  parse: ({ stdout }) => {
    const { QueueUrls, NextToken: next } = answerOf(z.object({ QueueUrls: many(z.string()), NextToken }), stdout);
    return listed(
      QueueUrls.map((url) => url.split('/').at(-1) ?? url),
      next,
    );
  },
  permissions: ['sqs:ListQueues'],
});

const whole = z.coerce.number().int().nullable().catch(null);
const Attributes = z.object({
  QueueArn: z.string().default(''),
  ApproximateNumberOfMessages: whole,
  ApproximateNumberOfMessagesNotVisible: whole,
  ApproximateNumberOfMessagesDelayed: whole,
  VisibilityTimeout: whole,
  MessageRetentionPeriod: whole,
  CreatedTimestamp: whole,
  LastModifiedTimestamp: whole,
  RedrivePolicy: z.string().optional(),
});

const Redrive = z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int() });

function redriveOf(policy: string | undefined) {
  if (policy === undefined) return null;
  try {
    const { deadLetterTargetArn: to, maxReceiveCount: after } = Redrive.parse(JSON.parse(policy));
    return { to, after };
  } catch {
    throw new OutputMalformed('a redrive policy of another form');
  }
}

const atSeconds = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());

/** The address is looked up: no input holds one. */
function urlOf(stdout: string, queue: string): string {
  const { QueueUrl } = answerOf(z.object({ QueueUrl: z.string() }), stdout);
  if (!/^https?:\/\/[A-Za-z0-9.:-]+(\/[A-Za-z0-9]+)*\/[A-Za-z0-9_.-]+$/.test(QueueUrl) || !QueueUrl.endsWith(`/${queue}`))
    throw new OutputMalformed('not the address of the queue');
  return flag('queue-url', QueueUrl);
}

/** No policy, which may hold more than an answer needs. */
const names = [
  ...['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
  ...['VisibilityTimeout', 'MessageRetentionPeriod', 'CreatedTimestamp', 'LastModifiedTimestamp', 'RedrivePolicy'],
];

export const queueAttributes = read({
  name: 'aws.sqs_queue_attributes',
  summary: 'A queue of SQS: how many messages wait or are in flight, its times, and where dead letters go',
  input: Regional.extend({ queue: Name }),
  output: z.object({
    arn: z.string(),
    visible: z.number().nullable(),
    inFlight: z.number().nullable(),
    delayed: z.number().nullable(),
    visibilityTimeoutSeconds: z.number().nullable(),
    retentionSeconds: z.number().nullable(),
    createdAt: instant,
    modifiedAt: instant,
    deadLetters: z.object({ to: z.string(), after: z.number().int() }).nullable(),
  }),
  command: ({ region, queue }, site): CliCommand => {
    const placeholder = '--queue-url=QUEUE-URL';
    return {
      ...aws(site, region, ['sqs', 'get-queue-attributes', placeholder, flag('attribute-names', names)]),
      bound: {
        placeholder,
        command: aws(site, region, ['sqs', 'get-queue-url', flag('queue-name', queue)]),
        value: ({ stdout }) => urlOf(stdout, queue),
      },
    };
  },
  parse: ({ stdout }) => {
    const { Attributes: one } = answerOf(z.object({ Attributes }), stdout);
    return {
      ...{ arn: one.QueueArn, visible: one.ApproximateNumberOfMessages, inFlight: one.ApproximateNumberOfMessagesNotVisible },
      ...{ delayed: one.ApproximateNumberOfMessagesDelayed, visibilityTimeoutSeconds: one.VisibilityTimeout },
      ...{
        retentionSeconds: one.MessageRetentionPeriod,
        createdAt: atSeconds(one.CreatedTimestamp),
        modifiedAt: atSeconds(one.LastModifiedTimestamp),
      },
      deadLetters: redriveOf(one.RedrivePolicy),
    };
  },
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
});
