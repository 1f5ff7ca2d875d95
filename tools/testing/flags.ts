import { foldersWith } from './folders.ts';

/** Stands as `flags` in the `flags.ts` of a folder, for the program that its operations start. */
export interface Flags {
  readonly program: string;
  /** What our command lines may hold. A flag that is not here is a finding of the conformance test. */
  readonly allowed: readonly string[];
  /** What must never be reachable, whatever the input. */
  readonly refused: readonly string[];
}

async function flagsOf(folder: string): Promise<Flags> {
  return ((await import(`../${folder}/flags.ts`)) as { flags: Flags }).flags;
}

/** By program. */
export const flags: ReadonlyMap<string, Flags> = new Map(
  (await Promise.all(foldersWith('flags.ts').map(flagsOf))).map((one) => [one.program, one]),
);
