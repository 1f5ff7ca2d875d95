import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { HttpCommand } from '../operation.ts';
import { queryApi } from '../prometheus/promtool.ts';
import { beginningOf } from '../text.ts';

/** Milliseconds that a question to all stores may take. */
export const thanosTimeoutMs = 60_000;

/** How stores are asked, for all reads that ask them. */
export const Ask = {
  /** Series of replicas as one. */
  dedup: z.boolean().default(true),
  /** False: a store that does not answer fails the read. True: what the others have, with warnings. */
  partialResponse: z.boolean().default(true),
};

interface Asked {
  readonly dedup: boolean;
  readonly partialResponse: boolean;
}

/** promtool is not used: it drops the warnings that say what is missing, and cannot say how stores are to be asked. */
export function thanosApi(
  path: string,
  { dedup, partialResponse }: Asked,
  parameters: Record<string, string | undefined> = {},
): HttpCommand {
  return queryApi('thanos', path, { ...parameters, dedup: String(dedup), partial_response: String(partialResponse) });
}

/** Whether something is missing, and why. */
export const Completeness = {
  /** Some store did not answer: what is not there proves nothing. */
  partial: z.boolean(),
  warnings: z.array(z.string()),
  /** Warnings left out. */
  warningsOmitted: z.number().int().nonnegative(),
};
export interface Completeness {
  readonly partial: boolean;
  readonly warnings: string[];
  readonly warningsOmitted: number;
}

const Answer = z.object({ status: z.literal('success'), warnings: z.array(z.string()).nullish() });

/** Warnings in an answer. */
const limit = 20;

/** What the engine says of an expression is no missing store. */
const ofExpression = /^PromQL (info|warning)/;

export function completenessOf(text: string): Completeness {
  const all = [...new Set(parseJson(Answer, text).warnings ?? [])];
  const missing = all.filter((warning) => !ofExpression.test(warning));
  const warnings = [...missing, ...all.filter((warning) => ofExpression.test(warning))];
  return {
    partial: missing.length > 0,
    warnings: warnings.slice(0, limit).map((warning) => beginningOf(warning, 500)),
    warningsOmitted: Math.max(0, all.length - limit),
  };
}
