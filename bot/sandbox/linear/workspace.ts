import { randomUUID } from 'node:crypto';
import type { Documents } from '../peer/database.ts';
import { invalidInput, notFound } from './refusal.ts';
import type { Attachment, Comment, HistoryEntry, Issue, Label, Team, User, WorkflowState } from './types.ts';

/** The state of one workspace with one team. */
export interface LinearWorkspace {
  readonly documents: Documents;
  readonly team: Team;
  readonly states: readonly WorkflowState[];
  readonly viewer: User;
  /** The viewer comes first. */
  users(): readonly User[];
  labels(): readonly Label[];
  issues(): readonly Issue[];
  /** By id or identifier (`SRE-12`). Throws what Linear answers when there is none. */
  issue(idOrIdentifier: string): Issue;
  identifier(issue: Issue): string;
  url(issue: Issue): string;
  comments(issue: Issue): readonly Comment[];
  attachments(issue: Issue): readonly Attachment[];
  /** Oldest first. */
  history(issue: Issue): readonly HistoryEntry[];
  comment(id: string): Comment;
  /** The id asked for, or a new one. Throws when it is taken or no UUID of version 4. */
  claimId(kind: string, id: string | null | undefined): string;
}

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const stateTypes = [
  ['Backlog', 'backlog', '#bec2c8'],
  ['Todo', 'unstarted', '#e2e2e2'],
  ['In Progress', 'started', '#f2c94c'],
  ['Done', 'completed', '#5e6ad2'],
  ['Canceled', 'canceled', '#95a2b3'],
] as const;

function seeded<T extends object>(documents: Documents, kind: string, make: () => readonly (T & { id: string })[]): readonly T[] {
  const kept = documents.list<T>(kind);
  if (kept.length > 0) return kept;
  for (const body of make()) documents.put(kind, body.id, null, body);
  return documents.list<T>(kind);
}

/** A person who is there from the start. */
export interface LocalLinearUser {
  /** UUID. */
  readonly id: string;
  /** How the pages and `/ui` call them. */
  readonly handle: string;
  readonly name: string;
  readonly email: string;
  readonly app?: boolean;
  readonly guest?: boolean;
  readonly active?: boolean;
}

const notMe = { active: true, app: false, guest: false, isMe: false };

function addUsers(documents: Documents, users: readonly LocalLinearUser[], createdAt: string): void {
  for (const { handle, ...user } of users) {
    if (documents.get('user', user.id) !== undefined) continue;
    const kept: User = { ...notMe, ...user, displayName: handle, createdAt };
    documents.put('user', user.id, null, kept);
  }
}

export interface WorkspaceOptions {
  readonly documents: Documents;
  readonly teamKey: string;
  readonly users: readonly LocalLinearUser[];
  readonly origin: () => string;
}

export function createWorkspace({ documents, teamKey, users, origin }: WorkspaceOptions): LinearWorkspace {
  const createdAt = new Date().toISOString();
  const [team] = seeded<Team>(documents, 'team', () => [{ id: randomUUID(), key: teamKey, name: 'Reliability', createdAt }]);
  const [viewer] = seeded<User>(documents, 'user', () => [
    {
      ...notMe,
      id: randomUUID(),
      name: 'Watchkeeper',
      displayName: 'watchkeeper',
      email: 'watchkeeper@watchkeeper.example',
      isMe: true,
      createdAt,
    },
  ]);
  const states = seeded<WorkflowState>(documents, 'state', () =>
    stateTypes.map(([name, type, color], position) => ({ id: randomUUID(), name, type, color, position })),
  );
  if (team === undefined || viewer === undefined) throw new Error('the workspace could not be set up');
  addUsers(documents, users, createdAt);
  const issues = () => documents.list<Issue>('issue');
  const identifier = (issue: Issue) => `${team.key}-${issue.number}`;
  return {
    documents,
    team,
    states,
    viewer,
    users: () => documents.list<User>('user'),
    issues,
    identifier,
    url: (issue) => `${origin()}/#${identifier(issue)}`,
    labels: () => documents.list<Label>('label'),
    issue: (id) => {
      const found = documents.get<Issue>('issue', id) ?? issues().find((candidate) => identifier(candidate) === id);
      if (found === undefined) throw notFound('Issue');
      return found;
    },
    comments: (issue) => documents.list<Comment>('comment', issue.id),
    attachments: (issue) => documents.list<Attachment>('attachment', issue.id),
    history: (issue) => documents.list<HistoryEntry>('history', issue.id),
    comment: (id) => {
      const found = documents.get<Comment>('comment', id);
      if (found === undefined) throw notFound('Comment');
      return found;
    },
    claimId: (kind, id) => {
      if (id === null || id === undefined) return randomUUID();
      if (!uuidV4.test(id)) throw invalidInput('Argument Validation Error - id must be a UUID of version 4.');
      if (documents.get(kind, id) !== undefined) throw invalidInput('Entity already exists - An entity with that id already exists.');
      return id;
    },
  };
}
