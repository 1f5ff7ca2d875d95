import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { LedgerEntry } from '../../bot/sandbox/estate/model/state.ts';

/** A plan of five steps, each of which settles at once: an annotation of every service. */
export const annotated = ['cart', 'catalog', 'payment', 'frontend', 'checkout'] as const;

export const annotation = 'shop.example/frozen';

interface Failing {
  /** From 1. */
  readonly step: number;
  /** Seconds for which its check, which never holds, is tried. */
  readonly within: number;
}

function playbook(fails: Failing) {
  return {
    name: 'freeze-everything',
    summary: 'Mark every service as frozen.',
    when: { causes: ['crash_loop', 'errors_since_rollout'], confidence: 0.5, services: ['checkout'] },
    propose: {
      goal: 'Everything is marked as frozen',
      steps: annotated.map((name, index) => ({
        operation: 'kubernetes.annotate',
        input: { kind: 'deployment', namespace: 'shop', name, annotations: { [annotation]: 'yes' } },
        ...(fails.step === index + 1 && {
          verify: [{ title: 'What never holds', query: 'vector(1)', below: 0, within: fails.within, stable: 0 }],
        }),
      })),
    },
    examples: [{ finding: { cause: 'crash_loop', entity: { kind: 'deployment', namespace: 'shop', name: 'checkout' } } }],
  };
}

/** Writes the playbook that proposes it for a failing checkout; answers the directory of playbooks. */
export function writeAnnotating(directory: string, fails: Failing): string {
  const own = join(directory, 'own');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'freeze-everything.yaml'), stringify(playbook(fails)));
  return own;
}

/** What was really annotated, in order: `cart`, and `cart-` where the annotation was taken away. */
export function annotations(ledger: readonly LedgerEntry[]): readonly string[] {
  return ledger
    .filter(({ argv, dryRun, exitCode }) => argv[0] === 'annotate' && !dryRun && exitCode === 0)
    .map(({ argv, target }) => `${target.split('/')[1]}${argv.includes(`${annotation}-`) ? '-' : ''}`);
}
