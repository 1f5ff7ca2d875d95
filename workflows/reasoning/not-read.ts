import type { Probe, ProbeResult } from '../contracts/activities.ts';

/**
 * Reads that failed, for a model that asked for them. Named by operation and code only: this stands among our own words, and what a program
 * said of its failure is in the observation, which is fenced and has a class.
 */
export function notRead(results: readonly Pick<ProbeResult, 'operation' | 'gap' | 'code'>[]): readonly string[] {
  const failed = results.filter(({ gap }) => gap !== null);
  return [...new Set(failed.map(({ operation, code }) => `${operation}: it failed (${code ?? 'unknown'})`))];
}

/** Reads that policy refused. Their titles repeat what the model took from the evidence, and are left out likewise. */
export function notAllowed(asked: readonly Probe[], allowed: readonly Probe[]): readonly string[] {
  return [...new Set(asked.filter((probe) => !allowed.includes(probe)).map(({ operation }) => `${operation}: policy does not allow it`))];
}
