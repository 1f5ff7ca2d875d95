import { isDeepStrictEqual } from 'node:util';
import type { Template } from './objects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a controller, or a restart, writes into a template, and nobody changes. */
const noise = new Set(['$patch', 'pod-template-hash', 'kubectl.kubernetes.io/restartedAt']);

/** Without what carries no meaning: nulls, what is empty, noise. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const kept = Object.entries(value).flatMap(([key, one]) => {
    const inner = noise.has(key) ? undefined : plain(one);
    const empty = typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0;
    return inner === undefined || empty ? [] : [[key, inner]];
  });
  return Object.fromEntries(kept);
}

function differing(a: Fields, b: Fields): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .toSorted()
    .filter((key) => !isDeepStrictEqual(plain({ [key]: a[key] }), plain({ [key]: b[key] })));
}

const byName = (containers: readonly { readonly name: string }[] | null | undefined): Fields =>
  Object.fromEntries((containers ?? []).map((one) => [one.name, one]));

/** Containers: which are another, or in which fields. Their images aside. */
function ofContainers(a: Fields, b: Fields): readonly string[] {
  return differing(a, b).flatMap((name) => {
    if (a[name] === undefined || b[name] === undefined) return [`container ${name}`];
    const [{ image: _, ...one }, { image: __, ...other }] = [a[name] as Fields, b[name] as Fields];
    return differing(one, other).map((field) => `${field} of container ${name}`);
  });
}

/** In which fields besides its images a template is another, in words that hold no value of them: `env of container web`. */
export function fieldsBesideImages(a: Template, b: Template): readonly string[] {
  const [{ containers, initContainers, ...spec }, { containers: others, initContainers: otherInits, ...otherSpec }] = [a.spec, b.spec];
  return [
    ...ofContainers(byName(initContainers), byName(otherInits)),
    ...ofContainers(byName(containers), byName(others)),
    ...differing(spec, otherSpec),
    ...differing(a.metadata?.labels ?? {}, b.metadata?.labels ?? {}).map((name) => `label ${name}`),
    ...differing(a.metadata?.annotations ?? {}, b.metadata?.annotations ?? {}).map((name) => `annotation ${name}`),
  ];
}
