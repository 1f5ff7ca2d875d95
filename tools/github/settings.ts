import { z } from 'zod';
import { TwoSources } from '../credentials.ts';
import { Author } from '../git/settings.ts';

/** `owner/name`, or `owner/*` for all of an owner. */
const RepositoryPattern = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/([A-Za-z0-9._-]{1,100}|\*)$/, 'must be owner/name or owner/*');

export const settings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'must be a host')
      .default('github.com')
      .describe('github.com, or the host of a GitHub Enterprise Server.'),
    repositories: z.array(RepositoryPattern).min(1).max(500).describe('What may be read and changed, by name or as owner/*.'),
    token: TwoSources.describe('Fine-grained tokens of two accounts: reads never use the one that writes.'),
    author: Author,
    mergeReverts: z
      .boolean()
      .default(false)
      .describe('Merge the request that takes back a change as soon as the repository allows it; otherwise people do.'),
    ca: z.string().min(1).optional().describe('File with certificates of authorities that gh and git trust, for a server of your own.'),
  })
  .describe('Repositories on GitHub.');
