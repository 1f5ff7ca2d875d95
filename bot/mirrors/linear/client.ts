import { PeerUnavailable } from '../errors.ts';
import { type Api, createApi, type LinearClientOptions } from './api.ts';
import { ensure } from './ensure.ts';
import type { LinearIssue, LinearPort, NewLinearIssue } from './ports.ts';
import { commentById, documentById, issueById, labelsByName, teamByKey } from './queries.ts';

interface Team {
  readonly id: string;
  readonly states: readonly { readonly id: string; readonly type: string; readonly position: number }[];
}

/** Asked once and kept; a failed question is asked again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    kept ??= ask().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
}

async function teamOf(api: Api, key: string): Promise<Team> {
  const { teams, workflowStates } = await api.read(teamByKey, { key });
  const team = teams.nodes[0];
  // Somebody can correct the key or create the team: the decisions wait.
  if (team === undefined) throw new PeerUnavailable(`Linear has no team ${key}`);
  return { id: team.id, states: workflowStates.nodes };
}

function labels(api: Api, team: () => Promise<Team>): LinearPort['labelIds'] {
  const read = async (names: readonly string[], teamId: string) => {
    const { issueLabels } = await api.read(labelsByName, { names });
    return new Map(
      issueLabels.nodes.filter((label) => label.team === null || label.team.id === teamId).map((label) => [label.name, label.id]),
    );
  };
  return async (names) => {
    const { id: teamId } = await team();
    const known = await read(names, teamId);
    const missing = names.filter((name) => !known.has(name));
    // One that another process makes at the same time is there when it is read again.
    for (const name of missing)
      await ensure(
        () => api.call((client) => client.createIssueLabel({ name, teamId })),
        async () => (await read([name], teamId)).has(name),
      );
    return missing.length === 0 ? known : read(names, teamId);
  };
}

/** Linear through its SDK, with a timeout per call, idempotent creates, and errors that hold no payload. */
export function createLinearClient(options: LinearClientOptions): LinearPort {
  const api = createApi(options);
  const team = once(() => teamOf(api, options.teamKey));
  const labelIds = labels(api, team);
  const issue = async (id: string): Promise<LinearIssue | null> => (await api.read(issueById, { id })).issues.nodes[0] ?? null;
  const exists = async (id: string) => (await api.read(commentById, { id })).comments.nodes.length > 0;
  const ensureComment: LinearPort['ensureComment'] = (comment) =>
    ensure(
      () => api.call((client) => client.createComment(comment)),
      () => exists(comment.id),
    );
  const putComment: LinearPort['putComment'] = async (comment) => {
    if (!(await exists(comment.id))) return ensureComment(comment);
    await api.call((client) => client.updateComment(comment.id, { body: comment.body }));
  };
  return {
    issue,
    labelIds,
    async ensureIssue(wanted: NewLinearIssue) {
      const { id: teamId } = await team();
      await ensure(
        () => api.call((client) => client.createIssue({ ...wanted, teamId })),
        async () => (await issue(wanted.id)) !== null,
      );
      const found = await issue(wanted.id);
      if (found === null) throw new PeerUnavailable('the new issue cannot be read yet');
      return found;
    },
    ensureComment,
    putComment,
    async attach({ metadata, ...attachment }) {
      await api.call((client) => client.createAttachment({ ...attachment, metadata: { ...metadata } }));
    },
    ensureDocument: (document) =>
      ensure(
        () => api.call((client) => client.createDocument(document)),
        async () => (await api.read(documentById, { id: document.id })).documents.nodes.length > 0,
      ),
    async relabel(issueId, added, removed) {
      await api.call((client) => client.updateIssue(issueId, { addedLabelIds: [...added], removedLabelIds: [...removed] }));
    },
    async setState(issueId, type) {
      const { states } = await team();
      const first = states.filter((state) => state.type === type).toSorted((a, b) => a.position - b.position)[0];
      if (first !== undefined) await api.call((client) => client.updateIssue(issueId, { stateId: first.id }));
    },
  };
}
