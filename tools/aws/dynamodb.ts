import { z } from 'zod';
import { answerOf, count, fetched, flagged, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Name } from './names.ts';

export const tables = awsRead({
  name: 'aws.dynamodb_tables',
  summary: 'Names of the tables of DynamoDB',
  input: Regional,
  output: listOf(z.string()),
  line: () => ['dynamodb', 'list-tables', fetched],
  parse: ({ stdout }) => {
    const { TableNames, NextToken: next } = answerOf(z.object({ TableNames: many(z.string()), NextToken }), stdout);
    return listed(TableNames, next);
  },
  permissions: ['dynamodb:ListTables'],
});

const Throughput = z.object({ ReadCapacityUnits: count, WriteCapacityUnits: count }).nullish();

const Table = z.object({
  Table: z.object({
    TableName: z.string(),
    TableArn: text,
    TableStatus: text,
    ItemCount: count,
    TableSizeBytes: count,
    CreationDateTime: when,
    BillingModeSummary: z.object({ BillingMode: maybe }).nullish(),
    ProvisionedThroughput: Throughput,
    GlobalSecondaryIndexes: many(z.object({ IndexName: text, IndexStatus: text, ProvisionedThroughput: Throughput })),
    StreamSpecification: z.object({ StreamEnabled: flagged }).nullish(),
    DeletionProtectionEnabled: flagged,
  }),
});

export const table = awsRead({
  name: 'aws.dynamodb_table',
  summary: 'A table of DynamoDB: status, size, capacity and indexes; no items',
  input: Regional.extend({ table: Name }),
  output: z.object({
    name: z.string(),
    arn: z.string(),
    status: z.string(),
    items: z.number(),
    bytes: z.number(),
    createdAt: instant,
    billing: z.string(),
    readCapacity: z.number(),
    writeCapacity: z.number(),
    indexes: z.array(z.object({ name: z.string(), status: z.string(), readCapacity: z.number(), writeCapacity: z.number() })),
    stream: z.boolean(),
    deletionProtection: z.boolean(),
  }),
  line: ({ table: name }) => ['dynamodb', 'describe-table', flag('table-name', name)],
  parse: ({ stdout }) => {
    const { Table: one } = answerOf(Table, stdout);
    return {
      ...{ name: one.TableName, arn: one.TableArn, status: one.TableStatus, items: one.ItemCount, bytes: one.TableSizeBytes },
      ...{
        createdAt: one.CreationDateTime,
        billing: one.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
        ...capacityOf(one.ProvisionedThroughput),
      },
      indexes: one.GlobalSecondaryIndexes.map((index) => ({
        ...{ name: index.IndexName, status: index.IndexStatus, ...capacityOf(index.ProvisionedThroughput) },
      })),
      ...{ stream: one.StreamSpecification?.StreamEnabled ?? false, deletionProtection: one.DeletionProtectionEnabled },
    };
  },
  permissions: ['dynamodb:DescribeTable'],
});

function capacityOf(throughput: z.infer<typeof Throughput>) {
  return { readCapacity: throughput?.ReadCapacityUnits ?? 0, writeCapacity: throughput?.WriteCapacityUnits ?? 0 };
}
