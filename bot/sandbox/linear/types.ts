/** Objects as kept; the schema's other fields take their type's neutral value. Instants are RFC 3339 texts. */
export interface Team {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly createdAt: string;
}

export interface WorkflowState {
  readonly id: string;
  readonly name: string;
  readonly type: 'backlog' | 'unstarted' | 'started' | 'completed' | 'canceled';
  readonly position: number;
  readonly color: string;
}

export interface Label {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly createdAt: string;
}

export interface Issue {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly description: string | null;
  readonly labelIds: readonly string[];
  readonly stateId: string;
  readonly priority: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A member, an app (`app`), or a guest of the workspace. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  readonly active: boolean;
  readonly app: boolean;
  readonly guest: boolean;
  /** The account whose key the product has. */
  readonly isMe: boolean;
  readonly createdAt: string;
}

/** Who changed something. Linear says `null` for an account that is gone. */
export type LinearActor =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'integration'; readonly id: string; readonly service: string }
  | { readonly kind: 'nobody' };

/** One entry of an issue's history. */
export interface HistoryEntry {
  readonly id: string;
  readonly issueId: string;
  readonly createdAt: string;
  /** Null for integrations and automations. */
  readonly actorId: string | null;
  readonly botActor: { readonly id: string; readonly type: string; readonly name: string } | null;
  readonly addedLabelIds: readonly string[] | null;
  readonly removedLabelIds: readonly string[] | null;
}

export interface IssueChange {
  readonly action: 'create' | 'update';
  readonly issue: Issue;
  /** Earlier values of what changed; without `labelIds` when no label did. */
  readonly updatedFrom: Readonly<Record<string, unknown>> | null;
  readonly actor: LinearActor;
}

export interface Comment {
  readonly id: string;
  readonly issueId: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Attachment {
  readonly id: string;
  readonly issueId: string;
  readonly title: string;
  readonly url: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface Document {
  readonly id: string;
  readonly issueId: string | null;
  readonly title: string;
  readonly content: string;
  readonly createdAt: string;
}

/** What Linear accepts as an activity, by an app; `prompt` is what people write. */
export type ActivityContent =
  | { readonly type: 'thought' | 'elicitation' | 'response' | 'error' | 'prompt'; readonly body: string }
  | { readonly type: 'action'; readonly action: string; readonly parameter: string; readonly result?: string | undefined };

export interface AgentActivity {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly content: ActivityContent;
  readonly signal: string | null;
  readonly createdAt: string;
}

export interface AgentSession {
  readonly id: string;
  readonly issueId: string;
  readonly commentId: string | null;
  /** Null: an automation began it. */
  readonly creatorId: string | null;
  readonly plan: unknown;
  readonly createdAt: string;
}

/** What was asked and answered, for checks against the published schema. */
export interface Exchange {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly response: unknown;
}
