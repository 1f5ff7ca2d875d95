import { z } from 'zod';
import { Time } from '../grammar.ts';
import { answerOf, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { words } from './names.ts';

const attributes = {
  resource: 'ResourceName',
  resourceType: 'ResourceType',
  event: 'EventName',
  source: 'EventSource',
  user: 'Username',
  /** `false`: calls that change something. */
  readOnly: 'ReadOnly',
} as const;

const Answer = z.object({
  Events: many(
    z.object({
      EventId: text,
      EventName: text,
      EventTime: when,
      EventSource: text,
      Username: maybe,
      ReadOnly: maybe,
      Resources: many(z.object({ ResourceType: text, ResourceName: text })),
      CloudTrailEvent: maybe,
    }),
  ),
  NextToken,
});

const Detail = z.object({ errorCode: maybe, errorMessage: maybe, sourceIPAddress: maybe, userAgent: maybe, awsRegion: maybe });

/** Parameters of a call may hold anything: of the whole event only these are kept. */
function detailOf(event: string | null): z.infer<typeof Detail> {
  const none = { errorCode: null, errorMessage: null, sourceIPAddress: null, userAgent: null, awsRegion: null };
  if (event === null) return none;
  try {
    return Detail.catch(none).parse(JSON.parse(event));
  } catch {
    return none;
  }
}

export const events = awsRead({
  name: 'aws.cloudtrail_events',
  summary: 'Who did what to a resource or through a service, or only what changed something, newest first, within 90 days',
  input: Regional.extend({
    by: z.strictObject({ what: z.enum(['resource', 'resourceType', 'event', 'source', 'user', 'readOnly']), value: words(512) }),
    from: Time,
    to: Time,
  }),
  output: listOf(
    z.object({
      id: z.string(),
      at: instant,
      event: z.string(),
      source: z.string(),
      user: z.string().nullable(),
      readOnly: z.boolean().nullable(),
      resources: z.array(z.string()),
      error: z.string().nullable(),
      address: z.string().nullable(),
      region: z.string().nullable(),
    }),
  ),
  line: ({ by: { what, value }, from, to }) => [
    ...(['cloudtrail', 'lookup-events', flag('lookup-attributes', [{ AttributeKey: attributes[what], AttributeValue: value }])] as const),
    ...[flag('start-time', from), flag('end-time', to), '--max-items=100'],
  ],
  parse: ({ stdout }) => {
    const { Events, NextToken: next } = answerOf(Answer, stdout);
    return listed(
      Events.map((one) => {
        const { errorCode, sourceIPAddress, awsRegion } = detailOf(one.CloudTrailEvent);
        return {
          ...{ id: one.EventId, at: one.EventTime, event: one.EventName, source: one.EventSource, user: one.Username },
          readOnly: one.ReadOnly === null ? null : one.ReadOnly === 'true',
          resources: one.Resources.slice(0, 20).map(({ ResourceType, ResourceName }) => `${ResourceType} ${ResourceName}`.trim()),
          ...{ error: errorCode, address: sourceIPAddress, region: awsRegion },
        };
      }),
      next,
    );
  },
  permissions: ['cloudtrail:LookupEvents'],
});
