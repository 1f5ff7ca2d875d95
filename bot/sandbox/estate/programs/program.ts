import type { EstateState } from '../model/state.ts';

export interface ProgramResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** What a simulated program knows of its call. */
export interface ProgramCall {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly state: EstateState;
  /** Instant of this moment; the model has been brought to it. */
  now(): number;
  /** Lets the model move on; resolves at its next change, or after `ms`. Rejects when the caller is gone. */
  wait(ms: number): Promise<void>;
  readonly prometheusUrl: string;
}

/** Ends a simulated program the way the real one ends: words on standard error and an exit code. */
export class Refusal extends Error {
  readonly code = 'refusal';
  readonly stderr: string;
  readonly exitCode: number;
  readonly stdout: string;

  constructor(stderr: string, exitCode = 1, stdout = '') {
    super('the simulated program refused');
    this.name = 'Refusal';
    this.stderr = `${stderr}\n`;
    this.exitCode = exitCode;
    this.stdout = stdout;
  }
}

/** For what the real program can do and the estate cannot. */
export function notSimulated(what: string): Refusal {
  return new Refusal(`error: the simulated estate does not support ${what}`);
}

export function ok(stdout: string): ProgramResult {
  return { stdout, stderr: '', exitCode: 0 };
}
