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
}

/** What was asked and answered, for checks against the published schema. */
export interface Exchange {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly response: unknown;
}
