import { z } from 'zod';
import { answerOf, count, fetched, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Name } from './names.ts';

const Issue = z.object({ code: text, message: text, resourceIds: many(z.string()) });
const Health = z.object({ issues: many(Issue) }).nullish();
const Problems = z.array(z.object({ code: z.string(), message: z.string(), resources: z.array(z.string()) }));

function problemsOf(health: z.infer<typeof Health>): z.infer<typeof Problems> {
  return (health?.issues ?? []).map(({ code, message, resourceIds }) => ({ code, message, resources: resourceIds.slice(0, 20) }));
}

export const clusters = awsRead({
  name: 'aws.eks_clusters',
  summary: 'Names of the clusters of EKS',
  input: Regional,
  output: listOf(z.string()),
  line: () => ['eks', 'list-clusters', fetched],
  parse: ({ stdout }) => {
    const { clusters: names, NextToken: next } = answerOf(z.object({ clusters: many(z.string()), NextToken }), stdout);
    return listed(names, next);
  },
  permissions: ['eks:ListClusters'],
});

const Cluster = z.object({
  cluster: z.object({
    name: z.string(),
    arn: text,
    status: text,
    version: text,
    platformVersion: text,
    endpoint: maybe,
    createdAt: when,
    health: Health,
    resourcesVpcConfig: z.object({ vpcId: maybe, endpointPublicAccess: z.boolean().nullish() }).nullish(),
  }),
});

export const cluster = awsRead({
  name: 'aws.eks_cluster',
  summary: 'A cluster of EKS: status, version, and what AWS finds wrong with it',
  input: Regional.extend({ cluster: Name }),
  output: z.object({
    name: z.string(),
    arn: z.string(),
    status: z.string(),
    version: z.string(),
    platformVersion: z.string(),
    endpoint: z.string().nullable(),
    publicEndpoint: z.boolean().nullable(),
    createdAt: instant,
    problems: Problems,
  }),
  line: ({ cluster: name }) => ['eks', 'describe-cluster', flag('name', name)],
  parse: ({ stdout }) => {
    const { name, arn, status, version, platformVersion, endpoint, createdAt, health, resourcesVpcConfig } = answerOf(
      Cluster,
      stdout,
    ).cluster;
    const publicEndpoint = resourcesVpcConfig?.endpointPublicAccess ?? null;
    return { name, arn, status, version, platformVersion, endpoint, publicEndpoint, createdAt, problems: problemsOf(health) };
  },
  permissions: ['eks:DescribeCluster'],
});

export const nodegroups = awsRead({
  name: 'aws.eks_nodegroups',
  summary: 'Names of the node groups of a cluster of EKS',
  input: Regional.extend({ cluster: Name }),
  output: listOf(z.string()),
  line: ({ cluster: name }) => ['eks', 'list-nodegroups', flag('cluster-name', name), fetched],
  parse: ({ stdout }) => {
    const { nodegroups: names, NextToken: next } = answerOf(z.object({ nodegroups: many(z.string()), NextToken }), stdout);
    return listed(names, next);
  },
  permissions: ['eks:ListNodegroups'],
});

const Nodegroup = z.object({
  nodegroup: z.object({
    nodegroupName: z.string(),
    status: text,
    version: text,
    releaseVersion: text,
    capacityType: text,
    amiType: text,
    instanceTypes: many(z.string()),
    scalingConfig: z.object({ minSize: count, maxSize: count, desiredSize: count }).nullish(),
    resources: z.object({ autoScalingGroups: many(z.object({ name: text })) }).nullish(),
    health: Health,
  }),
});

export const nodegroup = awsRead({
  name: 'aws.eks_nodegroup',
  summary: 'A node group of EKS: status, sizes, version, and what AWS finds wrong with it',
  input: Regional.extend({ cluster: Name, nodegroup: Name }),
  output: z.object({
    name: z.string(),
    status: z.string(),
    version: z.string(),
    release: z.string(),
    capacityType: z.string(),
    image: z.string(),
    instanceTypes: z.array(z.string()),
    min: z.number(),
    max: z.number(),
    desired: z.number(),
    groups: z.array(z.string()),
    problems: Problems,
  }),
  line: ({ cluster: name, nodegroup: group }) => ['eks', 'describe-nodegroup', flag('cluster-name', name), flag('nodegroup-name', group)],
  parse: ({ stdout }) => {
    const one = answerOf(Nodegroup, stdout).nodegroup;
    const { minSize: min = 0, maxSize: max = 0, desiredSize: desired = 0 } = one.scalingConfig ?? {};
    return {
      ...{ name: one.nodegroupName, status: one.status, version: one.version, release: one.releaseVersion, capacityType: one.capacityType },
      ...{ image: one.amiType, instanceTypes: one.instanceTypes, min, max, desired },
      ...{ groups: (one.resources?.autoScalingGroups ?? []).map(({ name }) => name), problems: problemsOf(one.health) },
    };
  },
  permissions: ['eks:DescribeNodegroup'],
});
