import type { Json } from '../types.ts';

/** Slack's three kinds of envelope. */
export type EnvelopeKind = 'events_api' | 'interactive' | 'slash_commands';

export interface Retry {
  /** 0 at first. */
  readonly attempt: number;
  readonly reason: string;
}

export type Ack =
  /** `payload` is what the app answered with, e.g. `response_action`; empty when it just acknowledged. */
  { readonly acked: true; readonly payload: Json } | { readonly acked: false; readonly reason: string };

/** How payloads reach the app: Socket Mode or signed HTTP requests. */
export interface Transport {
  /** Whether an app can be reached now. */
  ready(): boolean;
  /** Settles when the app acknowledged, or failed to in time; never rejects. */
  deliver(kind: EnvelopeKind, payload: Json, retry?: Retry): Promise<Ack>;
}
