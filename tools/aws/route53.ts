import { z } from 'zod';
import { answerOf, count, fetched, flagged, listed, listOf, many, maybe, NextToken, text } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { HostedZoneId } from './names.ts';

export const zones = awsRead({
  name: 'aws.route53_zones',
  summary: 'Hosted zones of Route 53',
  input: Regional,
  output: listOf(z.object({ id: z.string(), name: z.string(), private: z.boolean(), records: z.number() })),
  line: () => ['route53', 'list-hosted-zones', fetched],
  parse: ({ stdout }) => {
    const Config = z.object({ PrivateZone: flagged }).nullish();
    const Zones = z.object({
      HostedZones: many(z.object({ Id: z.string(), Name: text, Config, ResourceRecordSetCount: count })),
      NextToken,
    });
    const { HostedZones, NextToken: next } = answerOf(Zones, stdout);
    return listed(
      HostedZones.map(({ Id, Name, Config: config, ResourceRecordSetCount: records }) => ({
        ...{ id: Id.replace(/^\/hostedzone\//, ''), name: Name, private: config?.PrivateZone ?? false, records },
      })),
      next,
    );
  },
  permissions: ['route53:ListHostedZones'],
});

const Records = z.object({
  ResourceRecordSets: many(
    z.object({
      Name: z.string(),
      Type: text,
      TTL: z.number().nullish(),
      SetIdentifier: maybe,
      Weight: z.number().nullish(),
      Failover: maybe,
      Region: maybe,
      HealthCheckId: maybe,
      AliasTarget: z.object({ DNSName: text, EvaluateTargetHealth: flagged }).nullish(),
      ResourceRecords: many(z.object({ Value: text })),
    }),
  ),
  NextToken,
});

export const records = awsRead({
  name: 'aws.route53_records',
  summary: 'Records of a hosted zone of Route 53, and how they are chosen between',
  input: Regional.extend({ zone: HostedZoneId }),
  output: listOf(
    z.object({
      name: z.string(),
      type: z.string(),
      ttl: z.number().nullable(),
      values: z.array(z.string()),
      alias: z.string().nullable(),
      evaluatesHealth: z.boolean(),
      healthCheck: z.string().nullable(),
      /** `weight 10`, `failover PRIMARY`, `region eu-central-1`; null: the only one. */
      routing: z.string().nullable(),
    }),
  ),
  line: ({ zone }) => ['route53', 'list-resource-record-sets', flag('hosted-zone-id', zone), fetched],
  parse: ({ stdout }) => {
    const { ResourceRecordSets, NextToken: next } = answerOf(Records, stdout);
    return listed(ResourceRecordSets.map(recordOf), next);
  },
  permissions: ['route53:ListResourceRecordSets'],
});

function recordOf(one: z.infer<typeof Records>['ResourceRecordSets'][number]) {
  const weight = one.Weight == null ? null : `weight ${one.Weight}`;
  const failover = one.Failover === null ? null : `failover ${one.Failover}`;
  return {
    ...{ name: one.Name, type: one.Type, ttl: one.TTL ?? null, values: one.ResourceRecords.slice(0, 50).map(({ Value }) => Value) },
    ...{
      alias: one.AliasTarget?.DNSName ?? null,
      evaluatesHealth: one.AliasTarget?.EvaluateTargetHealth ?? false,
      healthCheck: one.HealthCheckId,
    },
    routing: weight ?? failover ?? (one.Region === null ? null : `region ${one.Region}`),
  };
}
