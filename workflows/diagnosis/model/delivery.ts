import type { SeenObject } from './seen.ts';

/** What a delivery system has brought to a namespace: a release of Helm, an application of Argo CD. */
export interface SeenDelivery extends SeenObject {
  readonly system: 'helm' | 'argocd';
  /** Revision of the release, or commit. */
  readonly revision: string;
  /** In the system's own words: `deployed`, `failed`, `pending-upgrade`; of an application its health. */
  readonly status: string;
  /** Of an application: `Synced`, `OutOfSync`. */
  readonly sync: string | null;
  /** Seconds since it was last delivered; null: not known. */
  readonly age: number | null;
}
