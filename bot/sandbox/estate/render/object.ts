import type { EstateState } from '../model/state.ts';

/** A Kubernetes object as the API gives it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** RFC 3339 with seconds, as metav1.Time. */
export function time(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Keys in alphabetical order at every depth: how kubectl prints what the server sent. */
export function sortKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortKeys) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => [key, sortKeys(entry)])) as T;
}

/** The object with what people wrote on it. */
export function annotated(state: EstateState, object: KubernetesObject): KubernetesObject {
  const own = state.annotations[object.metadata.uid];
  if (own === undefined) return object;
  const annotations = { ...object.metadata.annotations, ...own.values };
  const resourceVersion = String(Math.max(Number(object.metadata.resourceVersion), own.resourceVersion));
  const { annotations: _none, ...bare } = object.metadata;
  return { ...object, metadata: { ...bare, ...(Object.keys(annotations).length === 0 ? {} : { annotations }), resourceVersion } };
}

/** Absent when zero, as Go's omitempty leaves it out. */
export function nonZero(count: number): number | undefined {
  return count === 0 ? undefined : count;
}
