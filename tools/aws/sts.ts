import { z } from 'zod';
import { parseJson } from '../json.ts';
import { awsRead, Regional } from './cli.ts';
import { CallerIdentity } from './identity.ts';

export const callerIdentity = awsRead({
  name: 'aws.sts_caller_identity',
  summary: 'Whose the credentials of reads are: account, user or role',
  input: Regional,
  output: z.object({ account: z.string(), arn: z.string() }),
  line: () => ['sts', 'get-caller-identity'],
  parse: ({ stdout }) => {
    const { Account, Arn } = parseJson(CallerIdentity, stdout);
    return { account: Account, arn: Arn };
  },
  permissions: ['sts:GetCallerIdentity'],
});
