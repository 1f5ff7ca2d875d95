import { type Kind, kindRow, type Manner } from './kinds.ts';

/** Systems that are kept up to date. */
export type Peer = 'linear' | 'pagerduty';

/** Queues of the outbox. Each has its own order, so that what one part of a peer refuses holds up no other part. */
export const sinks = ['linear', 'linear_agent', 'pagerduty', 'pagerduty_actions'] as const;
export type Sink = (typeof sinks)[number];

export interface Route {
  readonly sink: Sink;
  /** Waits a few seconds for others to join it. */
  readonly waits: boolean;
  /** Never joined with others. */
  readonly alone: boolean;
}

function route(sink: Sink, manner: Manner | undefined): readonly Route[] {
  if (manner === undefined) return [];
  return [{ sink, waits: manner === 'line', alone: manner === 'own' || manner === 'quiet' }];
}

/** The queues that a decision of that kind goes into, of the peers that are configured. */
export function routesOf(kind: Kind, peers: readonly Peer[]): readonly Route[] {
  const row = kindRow(kind);
  if (row === undefined) return [];
  return [
    ...(peers.includes('linear') ? [...route('linear', row.linear), ...route('linear_agent', row.agent && 'own')] : []),
    ...(peers.includes('pagerduty') ? [...route('pagerduty', row.pagerduty), ...route('pagerduty_actions', row.action && 'own')] : []),
  ];
}
