import type { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag } from './cli.ts';
import { Alias, aliasStateOf, OneAlias } from './lambda.ts';
import { FunctionVersion } from './names.ts';

const Input = OneAlias.extend({ version: FunctionVersion });
type Input = z.infer<typeof Input>;

const asAsked = ({ version }: Input): Expectation[] => [
  { pointer: '/version', op: 'eq', value: version },
  { pointer: '/weighted', op: 'eq', value: false },
];

export const aliasVersion = write({
  name: 'aws.lambda_alias_version',
  tier: 'medium',
  summary: 'Let an alias of a function of Lambda lead to another published version, e.g. the previous one',
  input: Input,
  output: Message,
  command: ({ region, function: name, alias, version }, site) =>
    awsWrite(site, region, [
      ...(['lambda', 'update-alias', flag('function-name', name), flag('name', alias), flag('function-version', version)] as const),
    ]),
  noDryRunReason: 'aws lambda update-alias has no dry run',
  parse: () => ({ message: 'changed' }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['lambda:UpdateAlias', 'sts:GetCallerIdentity'],
  state: aliasStateOf,
  stateOutput: Alias,
  preconditions: (_input, before) => [
    { pointer: '/arn', op: 'eq', value: before.arn },
    { pointer: '/version', op: 'eq', value: before.version },
    { pointer: '/revisionId', op: 'eq', value: before.revisionId },
    // A deployment that is under way shifts calls by itself.
    { pointer: '/weighted', op: 'eq', value: false },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 100 }),
  probe: asAsked,
  verification: (input) => [
    {
      title: `${input.alias} of ${input.function} leads to version ${input.version}`,
      ...aliasStateOf(input),
      expect: asAsked(input),
      withinSeconds: 60,
      stableSeconds: 5,
    },
  ],
  rollback: ({ region, function: name, alias }, before) => ({
    operation: 'aws.lambda_alias_version',
    input: { ...(region && { region }), function: name, alias, version: before.version },
  }),
});
