import type { Outcome } from '../../../../workflows/contracts/incident.ts';
import type { ConfigFile } from '../../../config-file.ts';
import type { Script } from '../../llm/types.ts';
import type { EstateEvent } from '../model/writes.ts';

/** What one person does about the plan that waits. */
export interface ScenarioVote {
  /** Person id; for Linear, the handle of one of its users, people or not. */
  readonly person: string;
  readonly verdict: 'approve' | 'reject';
  /** By Slack's buttons when absent; by a label on the Linear issue; by break-glass over the API, after signing in. */
  readonly via?: 'slack' | 'linear' | 'break_glass';
}

/** What of the configuration is as the scenario needs it. */
export interface ScenarioSettings {
  readonly autonomy?: Partial<ConfigFile['autonomy']>;
  readonly calendar?: Partial<ConfigFile['calendar']>;
  readonly pagerduty?: Partial<ConfigFile['pagerduty']>;
}

/** What starts a scenario in place of a mention in Slack: a page about its service, alerts as Alertmanager sends them, a mention in a Linear issue. */
export type Trigger =
  | { readonly kind: 'page'; readonly title: string }
  | { readonly kind: 'linear'; readonly title: string; readonly words: string }
  | {
      readonly kind: 'alerts';
      readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly summary: string }[];
    };

/** What happened to the shop, what a person says about it, and how it should end. */
export interface Scenario {
  readonly name: string;
  /** One line, for people who choose one. */
  readonly title: string;
  /** What a person writes in Slack, without the mention itself. */
  readonly mention: string;
  /** In place of the mention. */
  readonly trigger?: Trigger;
  readonly service: string;
  readonly site: string;
  /** Person id of who writes it. */
  readonly requester: string;
  readonly outcome: Outcome;
  /** Votes for a run without people, one after the other. */
  readonly votes: readonly ScenarioVote[];
  /** What happens to the shop before the mention, oldest first. */
  readonly events: readonly { readonly agoSeconds: number; readonly event: EstateEvent }[];
  /** What happens to the shop while the first plan waits, before anybody votes. */
  readonly meanwhile?: readonly EstateEvent[];
  /** A scripted language model, where the configuration names no other. */
  readonly model?: Script;
  /** What the requester answers when people are asked in the thread; `to`: words of the question. */
  readonly reply?: { readonly to: string; readonly text: string };
  /** Asked for once, at the start. */
  readonly settings?: (now: Date) => ScenarioSettings;
}
