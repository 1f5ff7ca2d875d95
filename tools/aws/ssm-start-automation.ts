import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { Uuid } from '../grammar.ts';
import { Message } from '../message.ts';
import { type SiteFacts, write } from '../operation.ts';
import { awsTimeoutMs, awsWrite, flag, optional, settingsOf } from './cli.ts';
import { Name, words } from './names.ts';
import { Automations, automationsOf, OneDocument } from './ssm.ts';

/** `token`: AWS starts no second execution for the same one. */
const Input = OneDocument.extend({
  parameters: z.record(Name, z.array(words(500)).min(1).max(20)).optional(),
  token: Uuid,
});
type Input = z.infer<typeof Input>;

/** What a document does is its author's to say: only those that the site names are started. */
function allowed(document: string, site: SiteFacts): string {
  if (settingsOf(site).automations.includes(document)) return document;
  throw new SiteIncomplete(`${document} is none of sites[].aws.automations of site ${site.name}`);
}

const started = (latestId: string) => ({ pointer: '/latestId', op: 'ne', value: latestId }) as const;

export const startAutomation = write({
  name: 'aws.ssm_start_automation',
  tier: 'high',
  summary: 'Start an automation document of Systems Manager that the site allows',
  input: Input,
  output: Message,
  command: ({ region, document, parameters, token }: Input, site) =>
    awsWrite(site, region, [
      ...([
        'ssm',
        'start-automation-execution',
        flag('document-name', allowed(document, site)),
        ...optional('parameters', parameters),
      ] as const),
      ...[flag('client-token', token)],
    ]),
  noDryRunReason: 'aws ssm start-automation-execution has no dry run',
  parse: ({ stdout }) => ({ message: stdout.replace(/\s+/g, ' ').trim().slice(0, 200) }),
  timeoutMs: 2 * awsTimeoutMs,
  permissions: ['ssm:StartAutomationExecution', 'sts:GetCallerIdentity'],
  state: automationsOf,
  stateOutput: Automations,
  preconditions: (_input, before) => [
    { pointer: '/latestId', op: 'eq', value: before.latestId },
    { pointer: '/running', op: 'eq', value: 0 },
  ],
  impact: () => ({ targets: 1, replicas: 1, percent: 100 }),
  probe: (_input, before) => [started(before.latestId)],
  verification: (input, before) => [
    {
      title: `${input.document} has succeeded`,
      ...automationsOf(input),
      expect: [started(before.latestId), { pointer: '/latestStatus', op: 'eq', value: 'Success' }],
      withinSeconds: 1800,
      stableSeconds: 0,
    },
  ],
  irreversibleReason: 'what a document did only another document can undo',
});
