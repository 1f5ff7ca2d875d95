import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { boundedText, Text, textOf } from '../text.ts';
import { eitherSys, VaultName, vault, vaultTimeoutMs } from './vault.ts';

const Names = z.union([
  z.array(z.string()),
  z.object({ data: z.object({ policies: z.array(z.string()) }) }).transform(({ data }) => data.policies),
]);

export const policyList = read({
  name: 'vault.policy_list',
  summary: 'Names of the policies that tokens can have',
  input: z.strictObject({}),
  output: z.object({ policies: z.array(z.string()) }),
  command: (_input, site) => eitherSys(site, vault(site, ['policy', 'list']), 'policy'),
  parse: ({ stdout }) => ({ policies: parseJson(Names, stdout) }),
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/policy', 'list sys/policies/acl'],
});

const Rules = z.union([
  z.object({ policy: z.string() }).transform(({ policy }) => policy),
  z.object({ data: z.object({ policy: z.string() }) }).transform(({ data }) => data.policy),
]);

export const policyRead = read({
  name: 'vault.policy_read',
  summary: 'What a policy allows',
  input: z.strictObject({ policy: VaultName }),
  output: Text,
  command: ({ policy }, site) => eitherSys(site, vault(site, ['policy', 'read'], [], [policy]), `policies/acl/${policy}`),
  parse: ({ stdout }) => textOf(parseJson(Rules, stdout)),
  cut: boundedText,
  timeoutMs: vaultTimeoutMs,
  permissions: ['read sys/policies/acl/*'],
});
