import type { z } from 'zod';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';
import { Database, databaseStateOf, OneDatabase } from './rds.ts';

type Input = z.infer<typeof OneDatabase>;

export const rebootDatabase = write({
  name: 'aws.rds_reboot_instance',
  tier: 'high',
  summary: 'Restart a database instance of RDS; its connections are cut, and changes that waited for it take effect',
  input: OneDatabase,
  output: Message,
  command: ({ region, instance }: Input, site) =>
    awsWrite(site, region, [
      'rds',
      'reboot-db-instance',
      flag('db-instance-identifier', instance),
      flag('query', 'DBInstance.DBInstanceStatus'),
    ]),
  noDryRunReason: 'aws rds reboot-db-instance has no dry run',
  parse: ({ stdout }) => ({ message: stdout.trim().replaceAll('"', '').slice(0, 100) }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['rds:RebootDBInstance', 'sts:GetCallerIdentity'],
  state: databaseStateOf,
  stateOutput: Database,
  preconditions: (_input, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/status', op: 'eq', value: 'available' },
  ],
  impact: () => ({ targets: 1, replicas: 1, percent: 100 }),
  // RDS tells that a restart is under way, not that it was: once it is over this does not hold, and nobody claims that it happened.
  probe: () => [{ pointer: '/status', op: 'eq', value: 'rebooting' }],
  verification: (input) => [
    {
      title: `${input.instance} is available`,
      ...databaseStateOf(input),
      expect: [{ pointer: '/status', op: 'eq', value: 'available' }],
      withinSeconds: 900,
      stableSeconds: 60,
    },
  ],
  irreversibleReason: 'connections that were cut and what was in memory do not come back',
});
