/** A valid input of an operation, and the command line that it makes at `sampleSite`, in words of the program's own manual. */
export interface Example {
  readonly input: Record<string, unknown>;
  readonly line: string;
  /** Unset: the command line itself, with the program's word for a dry run at its end or before what ends it. */
  readonly dryRun?: string;
}

/** Paths of credentials at the sample site. */
export const sampleFiles = { read: '/credentials/read', write: '/credentials/write' };

/** By the name of the operation. */
export type Examples = Readonly<Record<string, Example>>;
