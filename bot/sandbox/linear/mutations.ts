import { agentMutations } from './agents.ts';
import { recordCreated, recordUpdated } from './changes.ts';
import { createDocument } from './documents.ts';
import { invalidInput, notFound } from './refusal.ts';
import type { Attachment, Comment, Issue, IssueChange, Label, LinearActor } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

interface IssueInput {
  readonly id?: string | null;
  readonly teamId?: string | null;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly labelIds?: readonly string[] | null;
  readonly addedLabelIds?: readonly string[] | null;
  readonly removedLabelIds?: readonly string[] | null;
  readonly stateId?: string | null;
  readonly priority?: number | null;
}

/** Hears of every change of an issue. */
export type OnChange = (change: IssueChange) => void;

/** Tells the ledger what a mutation created or changed. */
export type Effect = (id: string) => void;

function checkReferences(workspace: LinearWorkspace, input: IssueInput): void {
  if (typeof input.teamId === 'string' && input.teamId !== workspace.team.id) throw notFound('Team');
  if (typeof input.stateId === 'string' && !workspace.states.some((state) => state.id === input.stateId)) throw notFound('WorkflowState');
  const known = new Set(workspace.labels().map((label) => label.id));
  const named = [...(input.labelIds ?? []), ...(input.addedLabelIds ?? [])];
  if (named.some((id) => !known.has(id))) throw notFound('IssueLabel');
}

/** As somebody. Throws what Linear answers. */
export function createIssue(workspace: LinearWorkspace, input: IssueInput, actor: LinearActor, onChange: OnChange): Issue {
  checkReferences(workspace, input);
  if (typeof input.title !== 'string' || input.title === '') throw invalidInput('Argument Validation Error - title must not be empty.');
  const at = new Date().toISOString();
  const first = workspace.states.find((state) => state.type === 'unstarted');
  const issue: Issue = {
    id: workspace.claimId('issue', input.id),
    number: workspace.issues().length + 1,
    title: input.title,
    description: input.description ?? null,
    labelIds: input.labelIds ?? [],
    stateId: input.stateId ?? first?.id ?? '',
    priority: input.priority ?? 0,
    createdAt: at,
    updatedAt: at,
  };
  onChange(recordCreated(workspace, issue, actor));
  return issue;
}

/** As somebody: the key's owner through the API, or a person on the page. */
export function updateIssue(workspace: LinearWorkspace, id: string, input: IssueInput, actor: LinearActor, onChange: OnChange): Issue {
  const before = workspace.issue(id);
  checkReferences(workspace, input);
  const base = input.labelIds ?? before.labelIds;
  const labelIds = [...new Set([...base, ...(input.addedLabelIds ?? [])])].filter((label) => !input.removedLabelIds?.includes(label));
  const issue: Issue = {
    ...before,
    title: input.title ?? before.title,
    description: input.description === undefined ? before.description : input.description,
    stateId: input.stateId ?? before.stateId,
    priority: input.priority ?? before.priority,
    labelIds,
    updatedAt: new Date().toISOString(),
  };
  const change = recordUpdated(workspace, before, issue, actor);
  if (change !== null) onChange(change);
  return issue;
}

function createComment(workspace: LinearWorkspace, input: { id?: string | null; issueId?: string | null; body?: string | null }): Comment {
  if (typeof input.issueId !== 'string') throw invalidInput('Argument Validation Error - issueId must be given.');
  if (typeof input.body !== 'string' || input.body === '') throw invalidInput('Argument Validation Error - body must not be empty.');
  const issue = workspace.issue(input.issueId);
  const at = new Date().toISOString();
  const comment: Comment = {
    id: workspace.claimId('comment', input.id),
    issueId: issue.id,
    body: input.body,
    createdAt: at,
    updatedAt: at,
  };
  workspace.documents.put('comment', comment.id, issue.id, comment);
  return comment;
}

function updateComment(workspace: LinearWorkspace, id: string, input: { body?: string | null }): Comment {
  const before = workspace.comment(id);
  const comment: Comment = { ...before, body: input.body ?? before.body, updatedAt: new Date().toISOString() };
  workspace.documents.put('comment', id, comment.issueId, comment);
  return comment;
}

/** The URL is the key within an issue: the same URL again updates. */
function createAttachment(
  workspace: LinearWorkspace,
  input: { id?: string | null; issueId: string; title: string; url: string; metadata?: Readonly<Record<string, unknown>> | null },
): Attachment {
  const issue = workspace.issue(input.issueId);
  if (!URL.canParse(input.url)) throw invalidInput('Argument Validation Error - url must be a URL.');
  const known = workspace.attachments(issue).find((attachment) => attachment.url === input.url);
  const attachment: Attachment = {
    id: known?.id ?? workspace.claimId('attachment', input.id),
    issueId: issue.id,
    title: input.title,
    url: input.url,
    metadata: input.metadata ?? known?.metadata ?? {},
  };
  workspace.documents.put('attachment', attachment.id, issue.id, attachment);
  return attachment;
}

function createLabel(
  workspace: LinearWorkspace,
  input: { id?: string | null; name: string; color?: string | null; teamId?: string | null },
): Label {
  if (workspace.labels().some((label) => label.name.toLowerCase() === input.name.toLowerCase()))
    throw invalidInput('Duplicate label name - A label with that name exists already.');
  const label: Label = {
    id: workspace.claimId('label', input.id),
    name: input.name,
    color: input.color ?? '#bec2c8',
    createdAt: new Date().toISOString(),
  };
  workspace.documents.put('label', label.id, null, label);
  return label;
}

/** Root values of `Mutation`. */
export function mutations(workspace: LinearWorkspace, effect: Effect, onChange: OnChange): Record<string, unknown> {
  const us: LinearActor = { kind: 'user', user: workspace.viewer };
  const update = (id: string, input: IssueInput) => updateIssue(workspace, id, input, us, onChange);
  const payload = (name: string, value: { id: string }) => {
    effect(value.id);
    return { success: true, lastSyncId: workspace.documents.ledger().length + 1, [name]: value };
  };
  return {
    issueCreate: (args: { input: IssueInput }) => payload('issue', createIssue(workspace, args.input, us, onChange)),
    issueUpdate: (args: { id: string; input: IssueInput }) => payload('issue', update(args.id, args.input)),
    issueAddLabel: (args: { id: string; labelId: string }) => payload('issue', update(args.id, { addedLabelIds: [args.labelId] })),
    issueRemoveLabel: (args: { id: string; labelId: string }) => payload('issue', update(args.id, { removedLabelIds: [args.labelId] })),
    issueLabelCreate: (args: { input: Parameters<typeof createLabel>[1] }) => payload('issueLabel', createLabel(workspace, args.input)),
    commentCreate: (args: { input: Parameters<typeof createComment>[1] }) => payload('comment', createComment(workspace, args.input)),
    commentUpdate: (args: { id: string; input: { body?: string | null } }) =>
      payload('comment', updateComment(workspace, args.id, args.input)),
    documentCreate: (args: { input: Parameters<typeof createDocument>[1] }) => payload('document', createDocument(workspace, args.input)),
    ...agentMutations(workspace, payload),
    attachmentCreate: (args: { input: Parameters<typeof createAttachment>[1] }) =>
      payload('attachment', createAttachment(workspace, args.input)),
  };
}
