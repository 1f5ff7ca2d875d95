/** What an app may say in a session, https://linear.app/developers/agent-interaction. Markdown. */
export type ActivityContent =
  | { readonly type: 'thought' | 'elicitation' | 'response' | 'error'; readonly body: string }
  | { readonly type: 'action'; readonly action: string; readonly parameter: string; readonly result?: string };

export interface PlanItem {
  readonly content: string;
  readonly status: 'pending' | 'inProgress' | 'completed' | 'canceled';
}

/** What of agent sessions is needed. Every method throws PeerUnavailable or PeerRefused. */
export interface LinearAgentPort {
  /** Creates it unless an activity of that id exists. */
  say(activity: { readonly id: string; readonly sessionId: string; readonly content: ActivityContent }): Promise<void>;
  /** Replaces the plan that the session shows. */
  showPlan(sessionId: string, items: readonly PlanItem[]): Promise<void>;
}
