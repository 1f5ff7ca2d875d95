import type { EstateEvent } from '../model/writes.ts';

/** What happened to the shop, what a person says about it, and how it should end. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a person writes in Slack, without the mention itself. */
  readonly mention: string;
  readonly service: string;
  readonly site: string;
  /** Person id of who writes it. */
  readonly requester: string;
  readonly outcome: 'resolved' | 'rolled_back' | 'rejected' | 'healthy';
  /** Votes for a run without people. */
  readonly votes: readonly { readonly person: string; readonly verdict: 'approve' | 'reject' }[];
  /** What happens to the shop before the mention, oldest first. */
  readonly events: readonly { readonly agoSeconds: number; readonly event: EstateEvent }[];
}
