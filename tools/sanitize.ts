import { clean } from './clean.ts';
import type { Redactor } from './ports.ts';

/** UTF-16 units of stdout and of stderr that an observation keeps. */
const keptOutput = 32_768;

/** Longer than any single secret that a pattern knows: what is cut off may have ended one. */
const margin = 8_192;

/** Cleans and redacts what leaves a runner, and counts the secrets. One per call. */
export interface Sanitizer {
  /** Whole text. */
  text(text: string): string;
  /** Text cut at what an observation keeps, its beginning or its end, with a visible note. */
  output(text: string, keep?: 'start' | 'end'): { readonly text: string; readonly truncated: boolean };
  /** Every string of a JSON value. */
  value(value: unknown): unknown;
  redactions(): number;
}

export function createSanitizer(redactor: Redactor): Sanitizer {
  let redactions = 0;
  const counted = <T extends { readonly count: number }>(result: T): T => {
    redactions += result.count;
    return result;
  };
  const text = (input: string): string => counted(redactor.text(clean(input))).text;
  return {
    text,
    value: (value) => counted(redactor.value(cleanValue(value))).value,
    redactions: () => redactions,
    output(input, keep = 'start') {
      if (input.length <= keptOutput) return { text: text(input), truncated: false };
      // Redacted with a margin that is then dropped, so that a secret across the cut is not half shown.
      const long = keptOutput + margin;
      const redacted = text(keep === 'start' ? input.slice(0, long) : input.slice(-long));
      const shown = Math.max(0, Math.min(keptOutput, redacted.length - margin));
      const note = `output cut here: it has ${input.length} characters`;
      const start = () => `${redacted.slice(0, shown).toWellFormed()}\n… ${note}`;
      const end = () => `… ${note}\n${redacted.slice(redacted.length - shown).toWellFormed()}`;
      return { text: keep === 'start' ? start() : end(), truncated: true };
    },
  };
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleanValue(item)]));
}
