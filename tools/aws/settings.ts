import { z } from 'zod';
import { TwoSources } from '../credentials.ts';
import { AutomationDocument, Region, RoleArn } from './names.ts';

/** Who asks is said, never found by chance: the CLI's own search for credentials is cut off. */
const Credentials = z.discriminatedUnion('from', [
  TwoSources.extend({ from: z.literal('files') }).describe('Files as ~/.aws/credentials; their profile `default` is used.'),
  TwoSources.extend({ from: z.literal('instance') }).describe(
    'Files whose profile `default` names a role that the instance of the runner takes (`credential_source = Ec2InstanceMetadata`).',
  ),
  z
    .strictObject({
      from: z.literal('web_identity'),
      tokenFile: z.string().regex(/^\//, 'must be an absolute path'),
      roles: z.strictObject({ read: RoleArn, write: RoleArn }),
    })
    .describe('A token of the runner, e.g. of its service account in EKS, for two roles.'),
]);

export const settings = z
  .strictObject({
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be the 12 digits of an account')
      .describe('Before each write the credentials are asked whose they are: those of another account write nothing.'),
    regions: z.array(Region).min(1).max(30).describe('Where operations may look and write; the first where none is named.'),
    credentials: Credentials,
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Instead of the addresses of AWS, e.g. of a stand-in.'),
    automations: z
      .array(AutomationDocument)
      .max(100)
      .default([])
      .describe('Documents of Systems Manager that may be started; none without it.'),
  })
  .describe('One account of AWS.');
