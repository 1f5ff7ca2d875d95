export interface LinearIssue {
  readonly id: string;
  readonly url: string;
  readonly labelIds: readonly string[];
}

export interface NewLinearIssue {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  /** The issue that it belongs to. */
  readonly parentId?: string;
}

export interface LinearComment {
  readonly id: string;
  readonly issueId: string;
  /** Markdown. */
  readonly body: string;
}

export interface LinearAttachment {
  readonly issueId: string;
  readonly title: string;
  /** The key within an issue: a repeated call updates. */
  readonly url: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface LinearDocument {
  readonly id: string;
  readonly issueId: string;
  readonly title: string;
  /** Markdown. */
  readonly content: string;
}

export type LinearStateType = 'unstarted' | 'started' | 'completed' | 'canceled';

/** What of Linear a mirror needs. Every method throws PeerUnavailable or PeerRefused. */
export interface LinearPort {
  /** Null when there is none. */
  issue(id: string): Promise<LinearIssue | null>;
  /** Creates it unless an issue of that id exists. */
  ensureIssue(issue: NewLinearIssue): Promise<LinearIssue>;
  /** Creates it unless a comment of that id exists. */
  ensureComment(comment: LinearComment): Promise<void>;
  /** Creates it, or brings the one of that id up to date. */
  putComment(comment: LinearComment): Promise<void>;
  attach(attachment: LinearAttachment): Promise<void>;
  /** Creates it unless a document of that id exists. Throws PeerForbidden where the key may not. */
  ensureDocument(document: LinearDocument): Promise<void>;
  /** Ids of labels by name; those that the team lacks are created. */
  labelIds(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  relabel(issueId: string, added: readonly string[], removed: readonly string[]): Promise<void>;
  setState(issueId: string, type: LinearStateType): Promise<void>;
}
