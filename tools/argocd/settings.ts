import { z } from 'zod';
import { TwoFiles } from '../credentials.ts';

export const settings = z
  .strictObject({
    server: z.string().regex(/^[A-Za-z0-9.-]+:\d+$/, 'must be host:port'),
    transport: z.enum(['tls', 'grpc-web', 'plaintext']).default('tls'),
    token: TwoFiles.describe('Files that hold the tokens of two accounts: reads never use the one that writes.'),
  })
  .describe('The API server of Argo CD.');
