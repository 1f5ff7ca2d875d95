import { z } from 'zod';
import { answerOf, fetched, flagged, listed, listOf, many, maybe, NextToken, text } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Name } from './names.ts';

const Described = z.object({
  QuotaCode: z.string(),
  QuotaName: text,
  Value: z.number().nullish(),
  Unit: maybe,
  Adjustable: flagged,
  GlobalQuota: flagged,
  UsageMetric: z.object({ MetricNamespace: maybe, MetricName: maybe }).nullish(),
});

const Quota = z.object({
  code: z.string(),
  name: z.string(),
  value: z.number().nullable(),
  unit: z.string().nullable(),
  adjustable: z.boolean(),
  /** The metric of CloudWatch that says how much of it is used. */
  usage: z.string().nullable(),
});

function quotaOf({ QuotaCode, QuotaName, Value, Unit, Adjustable, UsageMetric }: z.infer<typeof Described>): z.infer<typeof Quota> {
  const usage = UsageMetric?.MetricName == null ? null : `${UsageMetric.MetricNamespace ?? ''} ${UsageMetric.MetricName}`.trim();
  return { code: QuotaCode, name: QuotaName, value: Value ?? null, unit: Unit, adjustable: Adjustable, usage };
}

export const quotas = awsRead({
  name: 'aws.service_quotas',
  summary: 'Quotas of the account for one service',
  input: Regional.extend({ service: Name }),
  output: listOf(Quota),
  line: ({ service }) => ['service-quotas', 'list-service-quotas', flag('service-code', service), fetched],
  parse: ({ stdout }) => {
    const { Quotas, NextToken: next } = answerOf(z.object({ Quotas: many(Described), NextToken }), stdout);
    return listed(Quotas.map(quotaOf), next);
  },
  permissions: ['servicequotas:ListServiceQuotas'],
});

export const quota = awsRead({
  name: 'aws.service_quota',
  summary: 'One quota of the account',
  input: Regional.extend({ service: Name, quota: Name }),
  output: Quota,
  line: ({ service, quota: code }) => ['service-quotas', 'get-service-quota', flag('service-code', service), flag('quota-code', code)],
  parse: ({ stdout }) => quotaOf(answerOf(z.object({ Quota: Described }), stdout).Quota),
  permissions: ['servicequotas:GetServiceQuota'],
});
