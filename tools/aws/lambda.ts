import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { answerOf, count, fetched, listed, listOf, many, maybe, NextToken, text } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { Name } from './names.ts';

/** Names of environment variables, never their values: those are not printed at all. */
const fields = [
  ...[
    'FunctionName',
    'FunctionArn',
    'Runtime',
    'Version',
    'LastModified',
    'MemorySize',
    'Timeout',
    'State',
    'StateReason',
    'LastUpdateStatus',
  ],
  ...['LastUpdateStatusReason', 'CodeSha256', 'PackageType', 'Role'],
]
  .map((name) => `${name}: ${name}`)
  .concat('Variables: keys(Environment.Variables || `{}`)', 'Vpc: VpcConfig.VpcId', 'DeadLetters: DeadLetterConfig.TargetArn')
  .join(', ');

const Described = z.object({
  FunctionName: z.string(),
  FunctionArn: text,
  Runtime: maybe,
  Version: text,
  LastModified: text,
  MemorySize: count,
  Timeout: count,
  State: maybe,
  StateReason: maybe,
  LastUpdateStatus: maybe,
  LastUpdateStatusReason: maybe,
  CodeSha256: text,
  PackageType: text,
  Role: text,
  Variables: many(z.string()),
  Vpc: maybe,
  DeadLetters: maybe,
});

const nullable = z.string().nullable();

const LambdaFunction = z.object({
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  runtime: nullable,
  packageType: z.string(),
  modifiedAt: z.string(),
  memoryMb: z.number(),
  timeoutSeconds: z.number(),
  state: nullable,
  stateReason: nullable,
  lastUpdate: nullable,
  lastUpdateReason: nullable,
  codeSha256: z.string(),
  role: z.string(),
  vpc: nullable,
  deadLetters: nullable,
  /** Names of environment variables. */
  variables: z.array(z.string()),
});

function functionOf(one: z.infer<typeof Described>): z.infer<typeof LambdaFunction> {
  return {
    ...{ name: one.FunctionName, arn: one.FunctionArn, version: one.Version, runtime: one.Runtime, packageType: one.PackageType },
    ...{
      modifiedAt: one.LastModified,
      memoryMb: one.MemorySize,
      timeoutSeconds: one.Timeout,
      state: one.State,
      stateReason: one.StateReason,
    },
    ...{ lastUpdate: one.LastUpdateStatus, lastUpdateReason: one.LastUpdateStatusReason, codeSha256: one.CodeSha256, role: one.Role },
    ...{ vpc: one.Vpc, deadLetters: one.DeadLetters, variables: one.Variables },
  };
}

export const functions = awsRead({
  name: 'aws.lambda_functions',
  summary: 'Functions of Lambda with runtime, sizes and state, and the names of their environment variables',
  input: Regional,
  output: listOf(LambdaFunction),
  line: () => ['lambda', 'list-functions', fetched, flag('query', `{Functions: Functions[].{${fields}}, NextToken: NextToken}`)],
  parse: ({ stdout }) => {
    const { Functions, NextToken: next } = answerOf(z.object({ Functions: many(Described), NextToken }), stdout);
    return listed(Functions.map(functionOf), next);
  },
  permissions: ['lambda:ListFunctions'],
});

const OneFunction = Regional.extend({ function: Name });

export const configuration = awsRead({
  name: 'aws.lambda_function',
  summary: 'A function of Lambda: runtime, sizes, state, and the names of its environment variables',
  input: OneFunction,
  output: LambdaFunction,
  line: ({ function: name }) => ['lambda', 'get-function-configuration', flag('function-name', name), flag('query', `{${fields}}`)],
  parse: ({ stdout }) => functionOf(answerOf(Described, stdout)),
  permissions: ['lambda:GetFunctionConfiguration'],
});

export const versions = awsRead({
  name: 'aws.lambda_versions',
  summary: 'Published versions of a function of Lambda, newest first',
  input: OneFunction,
  output: listOf(LambdaFunction),
  line: ({ function: name }) => [
    ...(['lambda', 'list-versions-by-function', flag('function-name', name)] as const),
    ...[fetched, flag('query', `{Versions: Versions[].{${fields}}, NextToken: NextToken}`)],
  ],
  parse: ({ stdout }) => {
    const { Versions, NextToken: next } = answerOf(z.object({ Versions: many(Described), NextToken }), stdout);
    const published = Versions.filter(({ Version }) => /^\d+$/.test(Version)).toSorted((a, b) => Number(b.Version) - Number(a.Version));
    return listed(published.map(functionOf), next);
  },
  permissions: ['lambda:ListVersionsByFunction'],
});

const Weights = z.object({ AdditionalVersionWeights: z.record(z.string(), z.number()).nullish() }).nullish();
const DescribedAlias = z.object({
  AliasArn: text,
  Name: z.string(),
  FunctionVersion: text,
  Description: text,
  RevisionId: text,
  RoutingConfig: Weights,
});

export const Alias = z.object({
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  description: z.string(),
  /** Changes with each change of the alias. */
  revisionId: z.string(),
  /** A share of the calls goes to another version. */
  weighted: z.boolean(),
});

function aliasOf({ Name: name, AliasArn, FunctionVersion, Description, RevisionId, RoutingConfig }: z.infer<typeof DescribedAlias>) {
  const weighted = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
  return { name, arn: AliasArn, version: FunctionVersion, description: Description, revisionId: RevisionId, weighted };
}

export const aliases = awsRead({
  name: 'aws.lambda_aliases',
  summary: 'Aliases of a function of Lambda, and the versions that they lead to',
  input: OneFunction,
  output: listOf(Alias),
  line: ({ function: name }) => ['lambda', 'list-aliases', flag('function-name', name), fetched],
  parse: ({ stdout }) => {
    const { Aliases, NextToken: next } = answerOf(z.object({ Aliases: many(DescribedAlias), NextToken }), stdout);
    return listed(Aliases.map(aliasOf), next);
  },
  permissions: ['lambda:ListAliases'],
});

export const OneAlias = OneFunction.extend({ alias: Name });

export const alias = awsRead({
  name: 'aws.lambda_alias',
  summary: 'One alias of a function of Lambda, and the version that it leads to',
  input: OneAlias,
  output: Alias,
  line: ({ function: name, alias: own }) => ['lambda', 'get-alias', flag('function-name', name), flag('name', own)],
  parse: ({ stdout }) => aliasOf(answerOf(DescribedAlias, stdout)),
  permissions: ['lambda:GetAlias'],
});

export function aliasStateOf({ region, function: name, alias: own }: z.infer<typeof OneAlias>): OperationCall {
  return { operation: 'aws.lambda_alias', input: { ...(region && { region }), function: name, alias: own } };
}
