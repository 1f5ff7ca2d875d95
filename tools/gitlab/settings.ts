import { z } from 'zod';
import { Authority } from '../authority.ts';
import { TwoSources } from '../credentials.ts';
import { Author } from '../git/settings.ts';

/** `group/subgroup/project`, `group/*` for what is right in a group, or `group/**` for all below it. */
const ProjectPattern = z
  .string()
  .max(500)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*(\/\*{1,2}|\/[A-Za-z0-9_][A-Za-z0-9_.-]*)$/,
    'must be the full path of a project, or that of a group and /* or /**',
  );

export const settings = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/ })
      .regex(/^https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._-]+)*\/?$/, 'must be an https URL without user, query or fragment')
      .default('https://gitlab.com')
      .describe('gitlab.com, or a GitLab of your own; of 17.11 or newer.'),
    projects: z
      .array(ProjectPattern)
      .min(1)
      .max(500)
      .describe('What may be read and changed: full paths, group/* (right in the group), or group/** (with its subgroups).'),
    token: TwoSources.describe('Access tokens of two accounts: reads never use the one that writes.'),
    author: Author,
    mergeReverts: z
      .boolean()
      .default(false)
      .describe('Merge the request that takes back a change as soon as the project allows it; otherwise people do.'),
    ca: Authority.optional(),
  })
  .describe('Projects on GitLab.');
