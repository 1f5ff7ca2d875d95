import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound } from '../errors.ts';
import { Time } from '../grammar.ts';
import { beginningOf } from '../text.ts';
import { answerOf, fetched, flagged, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, optional, Regional } from './cli.ts';
import { words } from './names.ts';

const Dimensions = z.array(z.strictObject({ name: words(255), value: words(1024) })).max(30);
const dimensionsOf = (dimensions: z.infer<typeof Dimensions>) => dimensions.map(({ name, value }) => ({ Name: name, Value: value }));

const Dimension = many(z.object({ Name: z.string(), Value: text })).transform((all) =>
  Object.fromEntries(all.map(({ Name, Value }) => [Name, Value])),
);

export const metrics = awsRead({
  name: 'aws.cloudwatch_metrics',
  summary: 'Which metrics CloudWatch has of a namespace, and of what',
  input: Regional.extend({ namespace: words(255), metric: words(255).optional(), dimensions: Dimensions.optional() }),
  output: listOf(z.object({ name: z.string(), dimensions: z.record(z.string(), z.string()) })),
  line: ({ namespace, metric, dimensions }) => [
    ...(['cloudwatch', 'list-metrics', flag('namespace', namespace), ...optional('metric-name', metric)] as const),
    ...[...optional('dimensions', dimensions === undefined ? undefined : dimensionsOf(dimensions)), fetched],
  ],
  parse: ({ stdout }) => {
    const Metrics = z.object({ Metrics: many(z.object({ MetricName: z.string(), Dimensions: Dimension })), NextToken });
    const { Metrics: all, NextToken: next } = answerOf(Metrics, stdout);
    return listed(
      all.map(({ MetricName, Dimensions: dimensions }) => ({ name: MetricName, dimensions })),
      next,
    );
  },
  permissions: ['cloudwatch:ListMetrics'],
});

const Statistic = z.enum(['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount']);

const Points = z.object({
  Datapoints: many(z.object({ Timestamp: when, Unit: maybe }).catchall(z.unknown())),
});

export const statistics = awsRead({
  name: 'aws.cloudwatch_statistics',
  summary: 'One metric of CloudWatch over time, oldest first',
  input: Regional.extend({
    namespace: words(255),
    metric: words(255),
    dimensions: Dimensions.default([]),
    statistic: Statistic,
    periodSeconds: z.int().min(60).max(86_400).multipleOf(60).default(300),
    from: Time,
    to: Time,
  }),
  output: z.object({
    unit: z.string().nullable(),
    points: z.array(z.object({ at: z.string(), value: z.number() })),
    omitted: z.number().int(),
  }),
  line: ({ namespace, metric, dimensions, statistic, periodSeconds, from, to }) => [
    ...(['cloudwatch', 'get-metric-statistics', flag('namespace', namespace), flag('metric-name', metric)] as const),
    ...(dimensions.length === 0 ? [] : [flag('dimensions', dimensionsOf(dimensions))]),
    ...[flag('statistics', [statistic]), flag('period', periodSeconds), flag('start-time', from), flag('end-time', to)],
  ],
  parse: ({ stdout }, { statistic }) => {
    const { Datapoints } = answerOf(Points, stdout);
    const points = Datapoints.flatMap(({ Timestamp: at, [statistic]: value }) =>
      at !== null && typeof value === 'number' ? [{ at, value }] : [],
    );
    const sorted = points.toSorted((a, b) => a.at.localeCompare(b.at));
    return { unit: Datapoints[0]?.Unit ?? null, points: sorted.slice(-1440), omitted: Math.max(0, sorted.length - 1440) };
  },
  permissions: ['cloudwatch:GetMetricStatistics'],
});

const Described = z.object({
  AlarmName: z.string(),
  AlarmArn: text,
  AlarmDescription: text,
  StateValue: text,
  StateReason: text,
  StateUpdatedTimestamp: when,
  ActionsEnabled: flagged,
  AlarmActions: many(z.string()),
  Namespace: maybe,
  MetricName: maybe,
  Dimensions: Dimension,
  Statistic: maybe,
  ComparisonOperator: maybe,
  Threshold: z.number().nullish(),
  Period: z.number().nullish(),
  EvaluationPeriods: z.number().nullish(),
  AlarmRule: maybe,
});

export const Alarm = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.string(),
  state: z.string(),
  reason: z.string(),
  since: instant,
  actionsEnabled: z.boolean(),
  actions: z.array(z.string()),
  /** `Average of AWS/EC2 CPUUtilization GreaterThanThreshold 80, 2 times 300 s`, or the rule of a composite alarm. */
  rule: z.string(),
  dimensions: z.record(z.string(), z.string()),
});

function alarmOf(one: z.infer<typeof Described>): z.infer<typeof Alarm> {
  const metric = `${one.Statistic ?? 'expression'} of ${one.Namespace ?? ''} ${one.MetricName ?? ''} ${one.ComparisonOperator ?? ''} ${one.Threshold ?? ''}`;
  return {
    ...{ name: one.AlarmName, arn: one.AlarmArn, description: beginningOf(one.AlarmDescription, 1000), state: one.StateValue },
    ...{
      reason: beginningOf(one.StateReason, 1000),
      since: one.StateUpdatedTimestamp,
      actionsEnabled: one.ActionsEnabled,
      actions: one.AlarmActions,
    },
    rule: one.AlarmRule ?? `${metric}, ${one.EvaluationPeriods ?? '?'} times ${one.Period ?? '?'} s`,
    dimensions: one.Dimensions,
  };
}

const Alarms = z.object({ MetricAlarms: many(Described), CompositeAlarms: many(Described), NextToken });

function alarmsOf(stdout: string) {
  const { MetricAlarms, CompositeAlarms, NextToken: next } = answerOf(Alarms, stdout);
  return listed([...MetricAlarms, ...CompositeAlarms].map(alarmOf), next);
}

const types = flag('alarm-types', ['MetricAlarm', 'CompositeAlarm']);

export const alarms = awsRead({
  name: 'aws.cloudwatch_alarms',
  summary: 'Alarms of CloudWatch by state or beginning of their name, with what they are about',
  input: Regional.extend({ state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(), prefix: words(255).optional() }),
  output: listOf(Alarm),
  line: ({ state, prefix }) => [
    ...(['cloudwatch', 'describe-alarms', types, ...optional('state-value', state)] as const),
    ...[...optional('alarm-name-prefix', prefix), fetched],
  ],
  parse: ({ stdout }) => alarmsOf(stdout),
  permissions: ['cloudwatch:DescribeAlarms'],
});

export const OneAlarm = Regional.extend({ alarm: words(255) });

export const alarm = awsRead({
  name: 'aws.cloudwatch_alarm',
  summary: 'One alarm of CloudWatch: its state, and whether it tells anybody',
  input: OneAlarm,
  output: Alarm,
  line: ({ alarm: name }) => ['cloudwatch', 'describe-alarms', types, flag('alarm-names', [name])],
  parse: ({ stdout }, input) => {
    const [found] = alarmsOf(stdout).items;
    if (found === undefined) throw new NotFound(`there is no alarm ${input.alarm}`);
    return found;
  },
  permissions: ['cloudwatch:DescribeAlarms'],
});

export function alarmStateOf({ region, alarm: name }: z.infer<typeof OneAlarm>): OperationCall {
  return { operation: 'aws.cloudwatch_alarm', input: { ...(region && { region }), alarm: name } };
}
