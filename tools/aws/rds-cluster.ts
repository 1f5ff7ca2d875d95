import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound } from '../errors.ts';
import { answerOf, fetched, flagged, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Name } from './names.ts';

const Described = z.object({
  DBClusterIdentifier: z.string(),
  DBClusterArn: text,
  Status: text,
  Engine: text,
  EngineVersion: text,
  MultiAZ: flagged,
  Endpoint: maybe,
  ReaderEndpoint: maybe,
  LatestRestorableTime: when,
  DBClusterMembers: many(z.object({ DBInstanceIdentifier: z.string(), IsClusterWriter: flagged })),
});

export const Cluster = z.object({
  id: z.string(),
  arn: z.string(),
  status: z.string(),
  engine: z.string(),
  version: z.string(),
  multiAz: z.boolean(),
  endpoint: z.string().nullable(),
  readerEndpoint: z.string().nullable(),
  restorableTo: instant,
  /** Empty: there is none. */
  writer: z.string(),
  /** `writer` or `reader` by instance. */
  members: z.record(z.string(), z.enum(['writer', 'reader'])),
});

function clusterOf(one: z.infer<typeof Described>): z.infer<typeof Cluster> {
  const roles = one.DBClusterMembers.map(
    ({ DBInstanceIdentifier: id, IsClusterWriter }) => [id, IsClusterWriter ? 'writer' : 'reader'] as const,
  );
  return {
    ...{ id: one.DBClusterIdentifier, arn: one.DBClusterArn, status: one.Status, engine: one.Engine, version: one.EngineVersion },
    ...{ multiAz: one.MultiAZ, endpoint: one.Endpoint, readerEndpoint: one.ReaderEndpoint, restorableTo: one.LatestRestorableTime },
    writer: roles.find(([, role]) => role === 'writer')?.[0] ?? '',
    members: Object.fromEntries(roles),
  };
}

const Clusters = z.object({ DBClusters: many(Described), NextToken });

export const clusters = awsRead({
  name: 'aws.rds_clusters',
  summary: 'Database clusters of RDS: status, engine, and which instance writes',
  input: Regional,
  output: listOf(Cluster),
  line: () => ['rds', 'describe-db-clusters', fetched],
  parse: ({ stdout }) => {
    const { DBClusters, NextToken: next } = answerOf(Clusters, stdout);
    return listed(DBClusters.map(clusterOf), next);
  },
  permissions: ['rds:DescribeDBClusters'],
});

export const OneCluster = Regional.extend({ cluster: Name });

export const cluster = awsRead({
  name: 'aws.rds_cluster',
  summary: 'One database cluster of RDS: status, and which instance writes',
  input: OneCluster,
  output: Cluster,
  line: ({ cluster: id }) => ['rds', 'describe-db-clusters', flag('db-cluster-identifier', id)],
  parse: ({ stdout }, input) => {
    const [found] = answerOf(Clusters, stdout).DBClusters.map(clusterOf);
    if (found === undefined) throw new NotFound(`there is no database cluster ${input.cluster}`);
    return found;
  },
  permissions: ['rds:DescribeDBClusters'],
});

export function clusterStateOf({ region, cluster: id }: z.infer<typeof OneCluster>): OperationCall {
  return { operation: 'aws.rds_cluster', input: { ...(region && { region }), cluster: id } };
}
