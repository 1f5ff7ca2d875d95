import { z } from 'zod';
import { TwoSources } from '../credentials.ts';

export const settings = z
  .strictObject({
    address: z.url({ protocol: /^https?$/ }).describe('Base URL of the server, without /v1.'),
    namespace: z
      .string()
      .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a namespace such as platform/shop')
      .optional(),
    caCert: z.string().min(1).optional().describe("File with the authority of the server's certificate."),
    token: TwoSources.describe('Tokens of two accounts, looked up at each call: reads never use the one that writes.'),
  })
  .describe('HashiCorp Vault, or OpenBao, whose command line and API are the same.');
