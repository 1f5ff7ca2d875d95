import type { Labels, Seen, SeenObject } from './seen.ts';

export interface ServicePort {
  readonly name: string | null;
  readonly port: number;
  /** A number, or the name of a container port. */
  readonly targetPort: number | string;
  readonly protocol: string;
}

export interface SeenService extends SeenObject {
  readonly type: string;
  /** Empty: its endpoints are somebody else's. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** It has no address of its own: its name stands for those of its pods, at whatever port they listen. */
  readonly headless?: boolean;
}

export interface SeenEndpoints extends Seen {
  readonly namespace: string;
  readonly service: string;
  readonly ready: number;
  readonly notReady: number;
}

/** A rule by which an ingress, a gateway or a proxy picks a backend. */
export interface SeenRoute extends Seen {
  readonly namespace: string;
  /** What holds the rule: `ingress/web`, `configmap/gateway`. */
  readonly source: string;
  readonly id: string;
  readonly path: string;
  readonly backend: { readonly service: string; readonly port: number | string | null };
}

/** What a rule of a policy lets through. */
export interface Opening {
  /** Labels of pods of the same namespace; null: not only those. Of egress it is not looked at. */
  readonly callers: readonly Labels[] | null;
  /** Null: any. */
  readonly ports: readonly (number | string)[] | null;
}

export interface SeenNetworkPolicy extends SeenObject {
  readonly podSelector: Labels;
  /** It speaks of this direction and allows nothing. */
  readonly deniesAll: readonly ('ingress' | 'egress')[];
  /** It allows somebody this direction. */
  readonly allows?: readonly ('ingress' | 'egress')[];
  readonly opens?: Readonly<Record<'ingress' | 'egress', readonly Opening[]>>;
}

/** An attempt to connect. */
export interface SeenReach extends Seen {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** The node from which it was tried. */
  readonly from: string | null;
  readonly ok: boolean;
}

/** `from` calls `to`: by traces, by the mesh, by its environment, or as an operator says. */
export interface SeenCall extends Seen {
  /** It could, by its environment: nobody saw it do so. */
  readonly possible?: boolean;
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
}
