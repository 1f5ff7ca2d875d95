import type { Scripted } from './types.ts';

/** What can be told as a finished message. */
export type Told = Extract<Scripted, { kind: 'text' | 'calls' | 'refusal' | 'length' }>;

/** Server-sent events: `event` null leaves that line out, as chat completions do. */
export interface Frame {
  readonly event: string | null;
  readonly data: unknown;
}

const pieceLength = 40;

/** A text as models stream it. */
export function piecesOf(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, i) => text.slice(i * pieceLength, (i + 1) * pieceLength));
}

export function textOf(told: Told): string {
  return told.kind === 'text' || told.kind === 'length' ? told.text : '';
}

/** About what the real ones count. */
export function usageOf(told: Told, prompt: number): { input: number; cached: number; output: number } {
  const output = told.kind === 'calls' ? JSON.stringify(told.calls).length : textOf(told).length;
  const cached = told.kind === 'text' ? (told.cached ?? 0) : 0;
  return { input: Math.ceil(prompt / 4), cached, output: Math.ceil(output / 4) + 1 };
}

export function write({ event, data }: Frame): string {
  return `${event === null ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
