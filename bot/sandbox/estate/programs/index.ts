import { kubectl } from '../kubectl/index.ts';
import { argocd } from './argocd.ts';
import { helm } from './helm.ts';
import { type ProgramCall, type ProgramResult, Refusal } from './program.ts';
import { promtool } from './promtool.ts';

type Program = (call: ProgramCall) => ProgramResult | Promise<ProgramResult>;

export const programs: Readonly<Record<string, Program>> = { kubectl, promtool, helm, argocd };

/** Runs one simulated program; a Refusal becomes its words and exit code. */
export async function runProgram(call: ProgramCall): Promise<ProgramResult> {
  try {
    const program = programs[call.program];
    if (!program) throw new Refusal(`the simulated estate has no program "${call.program}"`, 127);
    return await program(call);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { stdout: error.stdout, stderr: error.stderr, exitCode: error.exitCode };
  }
}
