import { createHash } from 'node:crypto';
import type { EstateState, Template } from './state.ts';

/** Kubernetes' alphabet for generated names: without vowels and look-alikes. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function encode(bytes: Buffer, length: number): string {
  return [...bytes.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function nextVersion(state: EstateState): number {
  state.resourceVersion += 1;
  return state.resourceVersion;
}

/** A uid that this estate never hands out again. */
export function nextUid(state: EstateState): string {
  state.counter += 1;
  const hex = digest(`uid ${state.tokens.read} ${state.counter}`).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Five characters, as at the end of a pod's name. */
export function nextSuffix(state: EstateState): string {
  state.counter += 1;
  return encode(digest(`suffix ${state.tokens.read} ${state.counter}`), 5);
}

/** pod-template-hash: equal for equal templates. The value differs from the one that Kubernetes would compute. */
export function templateHash(template: Template): string {
  return encode(digest(JSON.stringify(sorted(template))), 10);
}

export function sameTemplate(a: Template, b: Template): boolean {
  return templateHash(a) === templateHash(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}
