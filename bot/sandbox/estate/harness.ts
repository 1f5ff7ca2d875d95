import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Estate, startEstate } from './estate.ts';

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** For tests: an estate in a directory of its own, and its executables run as child processes with a fixed environment. */
export interface Harness {
  readonly dir: string;
  readonly estate: Estate;
  read(...argv: string[]): Promise<Ran>;
  write(...argv: string[]): Promise<Ran>;
  run(program: string, argv: string[], env?: Record<string, string>): Promise<Ran>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const log = {
  info: () => undefined,
  error: (fields: object, message: string) => {
    throw new Error(message, { cause: fields });
  },
};

export async function startHarness(scenario: string): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'estate-test-'));
  let estate = await startEstate({ dir, scenario, log });
  const run = (program: string, argv: string[], env: Record<string, string> = {}) =>
    execute(estate.binaries[program] ?? program, argv, env);
  return {
    dir,
    get estate() {
      return estate;
    },
    run,
    read: (...argv) => run('kubectl', argv, { KUBECONFIG: estate.kubeconfig.read }),
    write: (...argv) => run('kubectl', argv, { KUBECONFIG: estate.kubeconfig.write }),
    restart: async () => {
      await estate.close();
      estate = await startEstate({ dir, scenario, log });
    },
    close: async () => {
      await estate.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function execute(file: string, argv: string[], env: Record<string, string>): Promise<Ran> {
  return new Promise((done) => {
    execFile(
      file,
      argv,
      { env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', ...env }, timeout: 20_000, maxBuffer: 10_000_000 },
      (error, stdout, stderr) => {
        done({ stdout, stderr, exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : -1 });
      },
    );
  });
}
