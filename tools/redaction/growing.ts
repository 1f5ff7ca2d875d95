import type { GrowingRedactor } from '../ports.ts';
import { createRedactor } from './redactor.ts';

export function createGrowingRedactor(secrets: readonly string[], placeholderKey: Uint8Array): GrowingRedactor {
  const known = new Set(secrets);
  let current = createRedactor({ secrets: [...known], placeholderKey });
  return {
    text: (text) => current.text(text),
    value: (value) => current.value(value),
    version: current.version,
    learn(more) {
      const before = known.size;
      for (const secret of more) known.add(secret);
      if (known.size > before) current = createRedactor({ secrets: [...known], placeholderKey });
    },
  };
}
