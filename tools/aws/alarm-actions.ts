import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { onlyItself } from '../impact.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';
import { Alarm, alarmStateOf, OneAlarm } from './cloudwatch.ts';

const Input = OneAlarm.extend({ enabled: z.boolean() });
type Input = z.infer<typeof Input>;

const asAsked = ({ enabled }: Input): Expectation[] => [{ pointer: '/actionsEnabled', op: 'eq', value: enabled }];

export const alarmActions = write({
  name: 'aws.cloudwatch_alarm_actions',
  tier: 'medium',
  summary: 'Let an alarm of CloudWatch act and tell people, or not',
  input: Input,
  output: Message,
  command: ({ region, alarm, enabled }, site) =>
    awsWrite(site, region, ['cloudwatch', enabled ? 'enable-alarm-actions' : 'disable-alarm-actions', flag('alarm-names', [alarm])]),
  noDryRunReason: 'aws cloudwatch has no dry run for the actions of an alarm',
  parse: () => ({ message: 'changed' }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['cloudwatch:EnableAlarmActions', 'cloudwatch:DisableAlarmActions', 'sts:GetCallerIdentity'],
  state: alarmStateOf,
  stateOutput: Alarm,
  preconditions: (_input, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/actionsEnabled', op: 'eq', value: before.actionsEnabled },
  ],
  impact: () => onlyItself,
  probe: asAsked,
  verification: (input) => [
    {
      title: `The actions of ${input.alarm} are ${input.enabled ? 'on' : 'off'}`,
      ...alarmStateOf(input),
      expect: asAsked(input),
      withinSeconds: 60,
      stableSeconds: 0,
    },
  ],
  rollback: ({ region, alarm }, before) => ({
    operation: 'aws.cloudwatch_alarm_actions',
    input: { ...(region && { region }), alarm, enabled: before.actionsEnabled },
  }),
});
