import { isHeld, type Reference, type Source, type TwoSources } from '../credentials.ts';
import type { Site } from '../site.ts';
import { systemsOf } from '../systems.ts';

/** A credential of a site. */
export interface Named {
  /** Its setting: `argocd.token.read`. */
  readonly where: string;
  readonly source: Source;
}

/** Where every credential of a site is, as its settings say. */
export function sourcesOf(site: Site): readonly Named[] {
  return systemsOf(site).flatMap(({ name, secrets }) => {
    const { kubeconfigs = [], configurations = [], tokens = [], profiles = [] } = secrets?.(site[name]) ?? {};
    const known: ReadonlySet<unknown> = new Set([...kubeconfigs, ...configurations, ...tokens, ...profiles]);
    return named(site[name], name, known);
  });
}

function named(node: unknown, where: string, known: ReadonlySet<unknown>): readonly Named[] {
  if (typeof node !== 'object' || node === null) return [];
  if (!known.has(node)) return Object.entries(node).flatMap(([key, value]) => named(value, `${where}.${key}`, known));
  const { read, write } = node as TwoSources;
  return [
    { where: `${where}.read`, source: read },
    { where: `${where}.write`, source: write },
  ];
}

/** What a source refers to, held or not; null: a path. */
export function referenceOf(source: Source): Reference | null {
  if (typeof source === 'string') return null;
  return isHeld(source) ? source.reference : source;
}
