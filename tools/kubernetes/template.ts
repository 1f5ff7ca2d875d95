import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Template } from './objects.ts';

/** Container name → image, init containers included. Both live in one name space. */
export function imagesOf(template: Template): Record<string, string> {
  const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers];
  return Object.fromEntries(containers.map((container) => [container.name, container.image ?? '']));
}

/** When `kubectl rollout restart` last touched the template, as written there; null: never. */
export function restartedAt(template: Template): string | null {
  return template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'] ?? null;
}

/**
 * Two templates are of one revision when they are equal apart from the hash label, as in the deployment controller's
 * EqualIgnoreHash. Nulls and the patch directive of controller revisions carry no meaning.
 */
export function sameTemplate(a: Template, b: Template): boolean {
  return normalForm(a) === normalForm(b);
}

const meaningless = new Set(['$patch', 'pod-template-hash']);

function normalForm(template: Template): string | undefined {
  return canonicalize(JSON.parse(JSON.stringify(template, (key, value) => (meaningless.has(key) || value === null ? undefined : value))));
}

const Amounts = z.record(z.string(), z.coerce.string());

export const Resources = z.object({ requests: Amounts.default({}), limits: Amounts.default({}) });
export type Resources = z.infer<typeof Resources>;

/** Container name → what it asks for and its limits, as the server keeps them. */
export function resourcesOf(template: Template): Record<string, Resources> {
  const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers];
  return Object.fromEntries(
    containers.map((container) => [container.name, Resources.catch({ requests: {}, limits: {} }).parse(container['resources'] ?? {})]),
  );
}
