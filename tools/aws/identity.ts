import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { CliCommand, Objection } from '../operation.ts';

export const CallerIdentity = z.object({ Account: z.string(), Arn: z.string(), UserId: z.string() });

/** Asks whose the credentials are before they change anything. */
export function checkedAccount(command: CliCommand, account: string): Objection {
  return { command, objection: ({ stdout }) => objectionTo(stdout, account) };
}

function objectionTo(stdout: string, account: string): string | null {
  try {
    const { Account } = parseJson(CallerIdentity, stdout);
    return Account === account ? null : `the credentials belong to account ${Account}, not to ${account}: nothing was changed`;
  } catch (error) {
    if (error instanceof OutputMalformed) return 'whose the credentials are could not be read: nothing was changed';
    throw error;
  }
}
