import type { Labels } from './seen.ts';

/** A check by the kubelet. Times in seconds. */
export interface ProbeSpec {
  readonly kind: 'http' | 'tcp' | 'grpc' | 'exec';
  /** A number, the name of a container port, or null for a command. */
  readonly port: number | string | null;
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

export interface PortSpec {
  readonly name: string | null;
  readonly port: number;
  readonly protocol: string;
}

/** An object that a container needs before it starts. */
export interface Reference {
  readonly kind: 'secret' | 'configmap';
  readonly name: string;
  readonly key: string | null;
  readonly optional: boolean;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly PortSpec[];
  readonly probes: Readonly<Partial<Record<ProbeKind, ProbeSpec>>>;
  /** As written: `100m`, `128Mi`. */
  readonly requests: Labels;
  readonly limits: Labels;
  /** Plain values only. */
  readonly env: Labels;
  readonly references: readonly Reference[];
}

export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Pods of the same namespace that a pod keeps away from, on every node that has the same value of a label. */
export interface AvoidedPods {
  readonly labels: Labels;
  readonly requirements: readonly Requirement[];
  readonly topologyKey: string;
}

export interface Toleration {
  readonly key: string | null;
  readonly operator: string;
  readonly value: string | null;
  readonly effect: string | null;
}

/** What a pod asks for: of a pod itself, or of the template of its workload. */
export interface PodSpec {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string | null;
  readonly nodeSelector: Labels;
  /** Alternatives; every requirement of one of them must hold. */
  readonly nodeTerms: readonly (readonly Requirement[])[];
  /** Required ones only. */
  readonly avoids: readonly AvoidedPods[];
  readonly tolerations: readonly Toleration[];
  readonly dnsPolicy: string;
  readonly nameservers: readonly string[];
  readonly pullSecrets: readonly string[];
  readonly claims: readonly string[];
  readonly gates: readonly string[];
  readonly containers: readonly ContainerSpec[];
}
