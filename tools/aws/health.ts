import { z } from 'zod';
import { read } from '../operation.ts';
import { answerOf, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsTimeoutMs, flag, Regional, settingsOf } from './cli.ts';

const Answer = z.object({
  events: many(
    z.object({
      arn: z.string(),
      service: text,
      eventTypeCode: text,
      eventTypeCategory: text,
      region: maybe,
      statusCode: text,
      startTime: when,
      endTime: when,
      lastUpdatedTime: when,
    }),
  ),
  NextToken,
});

export const events = read({
  name: 'aws.health_events',
  summary: 'Faults and announced changes of AWS itself that concern the account, open or upcoming',
  input: Regional.extend({
    statuses: z
      .array(z.enum(['open', 'upcoming', 'closed']))
      .min(1)
      .max(3)
      .default(['open', 'upcoming']),
  }),
  output: listOf(
    z.object({
      arn: z.string(),
      service: z.string(),
      type: z.string(),
      category: z.string(),
      region: z.string().nullable(),
      status: z.string(),
      startedAt: instant,
      endedAt: instant,
      updatedAt: instant,
    }),
  ),
  // AWS Health has one address for all regions of a partition.
  command: ({ region, statuses }, site) => {
    const regions = region === undefined ? settingsOf(site).regions : [region];
    const filter = { eventStatusCodes: statuses, regions: [...regions, 'global'] };
    return {
      kind: 'cli',
      binary: 'aws',
      argv: ['health', 'describe-events', '--region=us-east-1', flag('filter', filter), '--max-items=200'],
    };
  },
  parse: ({ stdout }) => {
    const { events: all, NextToken: next } = answerOf(Answer, stdout);
    return listed(
      all.map(({ arn, service, eventTypeCode, eventTypeCategory, region, statusCode, startTime, endTime, lastUpdatedTime }) => ({
        ...{ arn, service, type: eventTypeCode, category: eventTypeCategory, region, status: statusCode },
        ...{ startedAt: startTime, endedAt: endTime, updatedAt: lastUpdatedTime },
      })),
      next,
    );
  },
  timeoutMs: awsTimeoutMs,
  permissions: ['health:DescribeEvents'],
});
