import type { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { TargetMissing } from '../errors.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';
import { Name } from './names.ts';
import { Cluster, clusterStateOf, OneCluster } from './rds-cluster.ts';

/** `to`: the instance that shall write, named so that the way back is known. */
const Input = OneCluster.extend({ to: Name });
type Input = z.infer<typeof Input>;

const writes = ({ to }: Input): Expectation[] => [{ pointer: '/writer', op: 'eq', value: to }];

export const failover = write({
  name: 'aws.rds_failover',
  tier: 'high',
  summary: 'Let another instance of a database cluster of RDS write; connections to the one before are cut',
  input: Input,
  output: Message,
  command: ({ region, cluster, to }, site) =>
    awsWrite(site, region, [
      ...(['rds', 'failover-db-cluster', flag('db-cluster-identifier', cluster), flag('target-db-instance-identifier', to)] as const),
      ...[flag('query', 'DBCluster.Status')],
    ]),
  noDryRunReason: 'aws rds failover-db-cluster has no dry run',
  parse: ({ stdout }) => ({ message: stdout.trim().replaceAll('"', '').slice(0, 100) }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['rds:FailoverDBCluster', 'sts:GetCallerIdentity'],
  state: clusterStateOf,
  stateOutput: Cluster,
  preconditions: ({ to }, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/status', op: 'eq', value: 'available' },
    { pointer: '/writer', op: 'eq', value: before.writer },
    { pointer: `/members/${to}`, op: 'eq', value: 'reader' },
  ],
  impact: (_input, before) => ({ targets: 1, replicas: Object.keys(before.members).length, percent: 100 }),
  probe: writes,
  verification: (input) => [
    {
      title: `${input.to} writes, and ${input.cluster} is available`,
      ...clusterStateOf(input),
      expect: [...writes(input), { pointer: '/status', op: 'eq', value: 'available' }],
      withinSeconds: 600,
      stableSeconds: 30,
    },
  ],
  rollback: ({ region, cluster }, before) => {
    if (before.writer === '') throw new TargetMissing(`no instance of ${cluster} writes: there would be no way back`);
    return { operation: 'aws.rds_failover', input: { ...(region && { region }), cluster, to: before.writer } };
  },
});
