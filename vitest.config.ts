import { defineConfig } from 'vitest/config';

/** Beside their units; `real` needs programs that the registries do not ship ready to run and is asked for by name. */
const beside = ['tools', 'policy', 'blocks', 'workflows', 'bot'].map((layer) => `${layer}/**/*.test.ts`);

/** Time limits meet busy machines: a test that fails is tried once more, and the report says so. */
const retry = 1;

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most tests wait for a server or a timer: two run at a time.
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: beside, testTimeout: 60_000, hookTimeout: 120_000, retry } },
      { test: { name: 'boundaries', include: ['tests/boundaries/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 60_000 } },
      { test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'replay', include: ['tests/replay/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          // Of the scenarios, each a program of its own that mostly waits.
          maxConcurrency: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          retry,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry,
        },
      },
      {
        test: {
          name: 'real',
          include: ['tests/real/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          // Pods are kwok's, which loses an event now and then.
          retry: 2,
        },
      },
    ],
  },
});
