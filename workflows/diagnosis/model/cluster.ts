import type { Requirement } from './pod-spec.ts';
import type { Labels, Seen, SeenObject } from './seen.ts';

export interface SeenNode extends Seen {
  readonly name: string;
  /** Null: unknown, the kubelet does not report. */
  readonly ready: boolean | null;
  readonly unschedulable: boolean;
  readonly controlPlane: boolean;
  readonly labels: Labels;
  readonly taints: readonly { readonly key: string; readonly value: string | null; readonly effect: string }[];
  /** `MemoryPressure` and the like, when true. */
  readonly pressures: readonly string[];
  /** What pods may ask for in all, as written: `cpu`, `memory`; absent: not observed. */
  readonly allocatable?: Labels;
  /** What its pods ask for in all; absent: not observed. */
  readonly requested?: Labels;
}

/** A service of the node's own init system. */
export interface SeenNodeService extends Seen {
  readonly node: string;
  readonly service: string;
  readonly active: boolean;
  readonly detail: string;
}

export interface SeenQuota extends SeenObject {
  /** As written: `requests.cpu`, `10`, `1Gi`. */
  readonly items: readonly { readonly resource: string; readonly used: string; readonly hard: string }[];
}

export interface SeenClaim extends SeenObject {
  readonly phase: string;
  /** Null: the default class; empty: none. */
  readonly storageClass: string | null;
  readonly accessModes: readonly string[];
  readonly request: string | null;
  readonly selector: Labels;
  /** What its selector demands beyond equal labels. */
  readonly requirements: readonly Requirement[];
  readonly volume: string | null;
}

export interface SeenVolume extends Seen {
  readonly name: string;
  readonly phase: string;
  readonly storageClass: string;
  readonly accessModes: readonly string[];
  readonly capacity: string | null;
  readonly labels: Labels;
  /** `namespace/name`. */
  readonly claim: string | null;
}

/** What exists of a kind; only with it can something be called missing. */
export interface SeenInventory extends Seen {
  readonly kind: string;
  /** Null: the whole cluster. */
  readonly namespace: string | null;
  readonly names: readonly string[];
}

/** A list of which a part was left out, because there are too many: of the rest nothing is known but that it is. */
export interface SeenCut extends Seen {
  readonly kind: string;
  /** Null: the whole cluster. */
  readonly namespace: string | null;
  readonly shown: number;
  readonly omitted: number;
}

/** What is meant to exist: by a manifest, a chart or an application of a delivery system. */
export interface SeenDeclared extends Seen {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The workload or application that it belongs to. */
  readonly app: string;
  /** Of a claim: how much it asks for. */
  readonly storage?: string | undefined;
}

export interface SeenWebhook extends Seen {
  readonly name: string;
  readonly service: { readonly namespace: string; readonly name: string } | null;
  readonly failurePolicy: string;
}
