import type { Check } from '../../tools/contract.ts';
import type { Registry } from '../../tools/registry.ts';
import type { CelContext, Run } from './cel.ts';
import type { Playbook } from './contract.ts';
import type { Fill } from './template.ts';

/** The allow-list. */
export type Operations = Pick<Registry, 'get' | 'list'>;

/** Operators' own files stand above those that come with the program. */
export type Origin = 'own' | 'shipped';

export type CompiledVerify =
  | { readonly kind: 'error_rate'; readonly stable: number }
  | { readonly kind: 'metric'; readonly title: Fill; readonly query: Fill; readonly check: Omit<Check, 'title' | 'input'> };

export interface CompiledStep {
  readonly operation: string;
  readonly input: Fill;
  readonly verify: readonly CompiledVerify[];
}

/** A playbook that was checked, with its expressions ready to run. */
export interface CompiledPlaybook {
  readonly playbook: Playbook;
  readonly file: string;
  readonly origin: Origin;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly specificity: number;
  readonly when: Run;
  readonly observe: readonly { readonly as: string; readonly title: string; readonly operation: string; readonly input: Fill }[];
  readonly propose: { readonly when: Run; readonly goal: Fill; readonly steps: readonly CompiledStep[] } | null;
  readonly conclude: { readonly says: Fill; readonly ask: readonly Fill[] } | null;
}

export const always = (_context: CelContext): unknown => true;

/** Playbooks that apply together. */
export interface PlaybookSet {
  /** By name. */
  readonly playbooks: readonly CompiledPlaybook[];
  /** SHA-256 over names, origins and contents: replicas with the same hash propose the same. */
  readonly hash: string;
}
