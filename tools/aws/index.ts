import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { certificate, certificates } from './acm.ts';
import { alarmActions } from './alarm-actions.ts';
import { activities, group, groups } from './asg.ts';
import { desiredCapacity } from './asg-desired-capacity.ts';
import { events as cloudtrailEvents } from './cloudtrail.ts';
import { alarm, alarms, metrics, statistics } from './cloudwatch.ts';
import { table, tables } from './dynamodb.ts';
import { instance, instanceStatus, instances } from './ec2.ts';
import { rebootInstance } from './ec2-reboot.ts';
import { service, serviceNames, services, taskDefinition, tasks } from './ecs.ts';
import { forceDeployment } from './ecs-force-deployment.ts';
import { cluster, clusters, nodegroup, nodegroups } from './eks.ts';
import { targetGroups, targetHealth } from './elbv2.ts';
import { events as healthEvents } from './health.ts';
import { policyOf } from './iam.ts';
import { alias, aliases, configuration, functions, versions } from './lambda.ts';
import { aliasVersion } from './lambda-alias-version.ts';
import { insights, groups as logGroups } from './logs.ts';
import { program } from './program.ts';
import { quota, quotas } from './quotas.ts';
import { instance as database, instances as databases, events as rdsEvents } from './rds.ts';
import { cluster as databaseCluster, clusters as databaseClusters } from './rds-cluster.ts';
import { failover } from './rds-failover.ts';
import { rebootDatabase } from './rds-reboot.ts';
import { records, zones } from './route53.ts';
import { buckets, encryption, publicAccess, versioning } from './s3.ts';
import { queueAttributes, queues } from './sqs.ts';
import { automations } from './ssm.ts';
import { startAutomation } from './ssm-start-automation.ts';
import { callerIdentity } from './sts.ts';

const reads: readonly AnyOperation[] = [
  ...[callerIdentity, instances, instance, instanceStatus, groups, group, activities, targetGroups, targetHealth],
  ...[serviceNames, services, service, tasks, taskDefinition, clusters, cluster, nodegroups, nodegroup],
  ...[functions, configuration, versions, aliases, alias, databases, database, databaseClusters, databaseCluster, rdsEvents],
  ...[tables, table, queues, queueAttributes, buckets, versioning, encryption, publicAccess],
  ...[metrics, statistics, alarms, alarm, logGroups, insights, cloudtrailEvents, healthEvents],
  ...[quotas, quota, zones, records, certificates, certificate, automations],
];

const writes: readonly AnyOperation[] = [
  ...[forceDeployment, desiredCapacity, aliasVersion, alarmActions],
  ...[rebootInstance, rebootDatabase, failover, startAutomation],
];

export const system = defineSystem({
  name: 'aws',
  title: 'AWS',
  operations: [...reads, ...writes],
  programs: [program],
  role: { title: 'IAM policy', text: policyOf },
  secrets: ({ credentials: own }) =>
    own.from === 'web_identity' ? { tokens: [{ read: own.tokenFile, write: own.tokenFile }] } : { profiles: [own] },
});
