import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound } from '../errors.ts';
import { Time } from '../grammar.ts';
import { answerOf, count, fetched, flagged, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, optional, Regional } from './cli.ts';
import { Name } from './names.ts';

const Described = z.object({
  DBInstanceIdentifier: z.string(),
  DBInstanceArn: text,
  DBInstanceStatus: text,
  DBInstanceClass: text,
  Engine: text,
  EngineVersion: text,
  AvailabilityZone: maybe,
  MultiAZ: flagged,
  AllocatedStorage: count,
  MaxAllocatedStorage: z.number().nullish(),
  StorageType: text,
  DBClusterIdentifier: maybe,
  ReadReplicaSourceDBInstanceIdentifier: maybe,
  ReadReplicaDBInstanceIdentifiers: many(z.string()),
  Endpoint: z.object({ Address: maybe, Port: z.number().nullish() }).nullish(),
  InstanceCreateTime: when,
  LatestRestorableTime: when,
  DeletionProtection: flagged,
  PendingModifiedValues: z.record(z.string(), z.unknown()).nullish(),
});

export const Database = z.object({
  id: z.string(),
  arn: z.string(),
  status: z.string(),
  class: z.string(),
  engine: z.string(),
  version: z.string(),
  zone: z.string().nullable(),
  multiAz: z.boolean(),
  storageGb: z.number(),
  maxStorageGb: z.number().nullable(),
  storageType: z.string(),
  cluster: z.string().nullable(),
  replicaOf: z.string().nullable(),
  replicas: z.array(z.string()),
  address: z.string().nullable(),
  port: z.number().nullable(),
  createdAt: instant,
  restorableTo: instant,
  deletionProtection: z.boolean(),
  /** What waits for a restart or the next window: names only. */
  pending: z.array(z.string()),
});

function databaseOf(one: z.infer<typeof Described>): z.infer<typeof Database> {
  return {
    ...{ id: one.DBInstanceIdentifier, arn: one.DBInstanceArn, status: one.DBInstanceStatus, class: one.DBInstanceClass },
    ...{ engine: one.Engine, version: one.EngineVersion, zone: one.AvailabilityZone, multiAz: one.MultiAZ },
    ...{ storageGb: one.AllocatedStorage, maxStorageGb: one.MaxAllocatedStorage ?? null, storageType: one.StorageType },
    ...{
      cluster: one.DBClusterIdentifier,
      replicaOf: one.ReadReplicaSourceDBInstanceIdentifier,
      replicas: one.ReadReplicaDBInstanceIdentifiers,
    },
    ...{ address: one.Endpoint?.Address ?? null, port: one.Endpoint?.Port ?? null, createdAt: one.InstanceCreateTime },
    ...{ restorableTo: one.LatestRestorableTime, deletionProtection: one.DeletionProtection },
    pending: Object.keys(one.PendingModifiedValues ?? {}),
  };
}

const Databases = z.object({ DBInstances: many(Described), NextToken });

export const instances = awsRead({
  name: 'aws.rds_instances',
  summary: 'Database instances of RDS: status, engine, storage, replication',
  input: Regional,
  output: listOf(Database),
  line: () => ['rds', 'describe-db-instances', fetched],
  parse: ({ stdout }) => {
    const { DBInstances, NextToken: next } = answerOf(Databases, stdout);
    return listed(DBInstances.map(databaseOf), next);
  },
  permissions: ['rds:DescribeDBInstances'],
});

export const OneDatabase = Regional.extend({ instance: Name });

export const instance = awsRead({
  name: 'aws.rds_instance',
  summary: 'One database instance of RDS: status, engine, storage, replication',
  input: OneDatabase,
  output: Database,
  line: ({ instance: id }) => ['rds', 'describe-db-instances', flag('db-instance-identifier', id)],
  parse: ({ stdout }, input) => {
    const [found] = answerOf(Databases, stdout).DBInstances.map(databaseOf);
    if (found === undefined) throw new NotFound(`there is no database instance ${input.instance}`);
    return found;
  },
  permissions: ['rds:DescribeDBInstances'],
});

export function databaseStateOf({ region, instance: id }: z.infer<typeof OneDatabase>): OperationCall {
  return { operation: 'aws.rds_instance', input: { ...(region && { region }), instance: id } };
}

const Events = z.object({
  Events: many(z.object({ SourceIdentifier: text, SourceType: text, Message: text, EventCategories: many(z.string()), Date: when })),
  NextToken,
});

export const events = awsRead({
  name: 'aws.rds_events',
  summary: 'What happened to databases of RDS in a span of time of the last 14 days',
  input: Regional.extend({
    source: Name.optional(),
    sourceType: z.enum(['db-instance', 'db-cluster']).default('db-instance'),
    from: Time,
    to: Time,
  }),
  output: listOf(z.object({ source: z.string(), type: z.string(), message: z.string(), categories: z.array(z.string()), at: instant })),
  line: ({ source, sourceType, from, to }) => [
    ...(['rds', 'describe-events', ...optional('source-identifier', source)] as const),
    ...[flag('source-type', sourceType), flag('start-time', from), flag('end-time', to), fetched],
  ],
  parse: ({ stdout }) => {
    const { Events: all, NextToken: next } = answerOf(Events, stdout);
    return listed(
      all.map(({ SourceIdentifier, SourceType, Message, EventCategories, Date: at }) => ({
        ...{ source: SourceIdentifier, type: SourceType, message: Message, categories: EventCategories, at },
      })),
      next,
    );
  },
  permissions: ['rds:DescribeEvents'],
});
