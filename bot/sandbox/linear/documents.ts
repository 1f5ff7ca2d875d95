import { invalidInput } from './refusal.ts';
import type { Document } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

interface DocumentInput {
  readonly id?: string | null;
  readonly issueId?: string | null;
  readonly title: string;
  readonly content?: string | null;
}

/** Throws what Linear answers to an issue that is not there, and to an id that is taken. */
export function createDocument(workspace: LinearWorkspace, input: DocumentInput): Document {
  if (input.title === '') throw invalidInput('Argument Validation Error - title must not be empty.');
  const issue = typeof input.issueId === 'string' ? workspace.issue(input.issueId) : null;
  const document: Document = {
    id: workspace.claimId('document', input.id),
    issueId: issue?.id ?? null,
    title: input.title,
    content: input.content ?? '',
    createdAt: new Date().toISOString(),
  };
  workspace.documents.put('document', document.id, document.issueId, document);
  return document;
}
