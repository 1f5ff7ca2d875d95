import { z } from 'zod';
import { TwoSources } from '../credentials.ts';

const server = z.strictObject({
  server: z.string().regex(/^[A-Za-z0-9.-]+:\d+$/, 'must be host:port'),
  transport: z.enum(['tls', 'grpc-web', 'plaintext']).default('tls'),
  token: TwoSources.describe('Tokens of two accounts: reads never use the one that writes.'),
});

const core = z.strictObject({
  transport: z.literal('core').describe('Without an API server: the program asks the cluster that Argo CD runs in.'),
  kubeconfig: TwoSources.describe('Of two accounts; their current context names the namespace of Argo CD.'),
});

export const settings = z.discriminatedUnion('transport', [server, core]).describe('The API server of Argo CD, or its cluster.');
