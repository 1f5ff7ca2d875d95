import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SiteIncomplete } from './errors.ts';

/** Paths of files with the credentials of two accounts: reads never use the one that writes. */
export const TwoFiles = z.strictObject({ read: z.string().min(1), write: z.string().min(1) });
export type TwoFiles = z.infer<typeof TwoFiles>;

export type Credentials = keyof TwoFiles;

/** What a file holds. Read each time, so that it may be renewed while the runner runs. `where`: its setting. Throws SiteIncomplete. */
export async function tokenIn(files: TwoFiles, credentials: Credentials, where: string): Promise<string> {
  const token = (await readFile(files[credentials], 'utf8').catch(() => '')).trim();
  if (token === '') throw new SiteIncomplete(`${where}.${credentials} of the site cannot be read, or is empty`);
  return token;
}

/** The header that a bearer token goes in; none where no files are configured. Throws SiteIncomplete. */
export async function bearer(
  files: TwoFiles | undefined,
  credentials: Credentials,
  where: string,
): Promise<Readonly<Record<string, string>>> {
  return files === undefined ? {} : { authorization: `Bearer ${await tokenIn(files, credentials, where)}` };
}
