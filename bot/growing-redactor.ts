import type { Redactor } from '../tools/ports.ts';
import { createRedactor } from '../tools/redaction/index.ts';

/** A redactor that learns credentials as the process makes or reads them. Whoever holds it masks what was learnt meanwhile. */
export interface GrowingRedactor extends Redactor {
  learn(secrets: readonly string[]): void;
}

export function createGrowingRedactor(secrets: readonly string[], placeholderKey: Uint8Array): GrowingRedactor {
  const known = new Set(secrets);
  let current = createRedactor({ secrets: [...known], placeholderKey });
  return {
    text: (text) => current.text(text),
    value: (value) => current.value(value),
    version: current.version,
    learn(more) {
      for (const secret of more) known.add(secret);
      current = createRedactor({ secrets: [...known], placeholderKey });
    },
  };
}
