import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LedgerEntry } from './model/state.ts';
import { runProgram } from './programs/index.ts';
import type { ProgramCall, ProgramResult } from './programs/program.ts';
import type { World } from './world.ts';

const Request = z.object({ program: z.string(), argv: z.array(z.string()), env: z.record(z.string(), z.string()) });
type Request = z.infer<typeof Request>;

export interface EstateLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Answers the executables: one line of JSON in, one JSON document out, then the end. */
export async function listenForPrograms(
  path: string,
  world: World,
  prometheusUrl: () => string,
  log: EstateLog,
): Promise<{ close(): Promise<void> }> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).once('line', (line) => void serve(line, socket, world, prometheusUrl(), log));
  });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
  return {
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(line: string, socket: Socket, world: World, prometheusUrl: string, log: EstateLog): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    const request = Request.parse(JSON.parse(line));
    const result = await run(request, world, prometheusUrl, gone.signal);
    socket.end(JSON.stringify(result));
  } catch (error) {
    if (!gone.signal.aborted) log.error({ err: error }, 'simulated program failed');
    socket.end(JSON.stringify({ stdout: '', stderr: 'the simulated estate failed\n', exitCode: 70 } satisfies ProgramResult));
  }
}

async function run(request: Request, world: World, prometheusUrl: string, signal: AbortSignal): Promise<ProgramResult> {
  world.advance();
  const { state, now } = world;
  const wait = async (ms: number) => {
    await delay(ms, undefined, { signal });
    world.advance();
  };
  const call: ProgramCall = { ...request, state, now, wait, prometheusUrl };
  const at = now();
  const result = await runProgram(call);
  const entry = ledgerEntry(request, at, result);
  if (!entry) return result;
  state.ledger.push(entry);
  world.save();
  return result;
}

const writes = [['rollout', 'undo'], ['rollout', 'restart'], ['scale'], ['set', 'image'], ['annotate']];

/** Every attempt of a write is kept, refused ones included. */
function ledgerEntry({ program, argv, env }: Request, at: number, result: ProgramResult): LedgerEntry | null {
  if (program !== 'kubectl') return null;
  const words = argv.filter((word) => !word.startsWith('-'));
  if (!writes.some((command) => command.every((word) => words.includes(word)))) return null;
  const dryRun = argv.some((word) => /^--dry-run(=(server|client))?$/.test(word));
  const target = words.find((word) => word.includes('/')) ?? '';
  return { at, program, argv, kubeconfig: env['KUBECONFIG'] ?? null, dryRun, target, exitCode: result.exitCode };
}
