import { z } from 'zod';
import { PeerUnavailable } from '../mirrors/errors.ts';
import { createApi, type LinearClientOptions } from '../mirrors/linear/api.ts';
import { proposedHash } from '../mirrors/linear/render.ts';
import { LinearUser, type NoLinearMember, noMemberOf } from '../mirrors/linear/users.ts';

/** Who put a label on, as Linear's history has it. */
export type LabelActor =
  /** The account whose key the product uses. */
  | { readonly kind: 'ourselves' }
  | { readonly kind: 'member'; readonly user: string; readonly name: string }
  /** An app, a guest, or an account that is switched off. */
  | { readonly kind: 'no_member'; readonly user: string; readonly what: NoLinearMember }
  /** An integration, an automation, or somebody whom Linear no longer knows. */
  | { readonly kind: 'nobody' };

export const voteLabels = ['assistant:approved', 'assistant:rejected'] as const;
export type VoteLabel = (typeof voteLabels)[number];

/** One time that a vote label was put on. */
export interface LabelAddition {
  /** Id of the entry in the issue's history. */
  readonly entryId: string;
  readonly label: VoteLabel;
  /** By Linear's clock, as is every other instant here. */
  readonly at: string;
  readonly by: LabelActor;
  /** Somebody other than ourselves took it off again. */
  readonly withdrawn: boolean;
  /** No later entry put the same label on. */
  readonly last: boolean;
}

/** What of an issue matters to votes. */
export interface LabelledIssue {
  readonly id: string;
  readonly updatedAt: string;
  /** Ids of the vote labels that are on now, by name. */
  readonly on: ReadonlyMap<VoteLabel, string>;
  /** Oldest first; of those in one entry, the rejection first. */
  readonly additions: readonly LabelAddition[];
  /** The newest plan that the issue shows to approvers, and since when. */
  readonly proposal: { readonly requestHash: string; readonly at: string } | null;
}

export interface LinearIssues {
  /** Null when there is none. Throws a PeerError. */
  read(id: string): Promise<LabelledIssue | null>;
}

const nodes = <T>(node: z.ZodType<T>) => z.object({ nodes: z.array(node) });
const Label = z.object({ id: z.string(), name: z.string() });
const Entry = z.object({
  id: z.string(),
  createdAt: z.string(),
  actor: LinearUser.nullable(),
  botActor: z.object({ type: z.string() }).nullable(),
  addedLabels: z.array(Label).nullable(),
  removedLabels: z.array(Label).nullable(),
});
type Entry = z.infer<typeof Entry>;
const Issue = z.object({
  id: z.string(),
  updatedAt: z.string(),
  labels: nodes(Label),
  comments: nodes(z.object({ body: z.string(), createdAt: z.string() })),
  history: nodes(Entry).extend({ pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) }),
});
type Issue = z.infer<typeof Issue>;

/** Only our own comments: nobody else's says which plan the issue shows. */
export const labelVotes = {
  document: `query labelVotes($id: ID!, $after: String) {
  viewer { id }
  issues(filter: { id: { eq: $id } }, first: 1, includeArchived: true) {
    nodes {
      id
      updatedAt
      labels(first: 50) { nodes { id name } }
      comments(first: 100, filter: { user: { isMe: { eq: true } }, body: { contains: "Request hash" } }) { nodes { body createdAt } }
      history(first: 50, after: $after) {
        nodes {
          id
          createdAt
          actor { id name app active guest }
          botActor { type }
          addedLabels { id name }
          removedLabels { id name }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`,
  answer: z.object({ viewer: z.object({ id: z.string() }), issues: nodes(Issue) }),
};

function isVoteLabel(name: string): name is VoteLabel {
  return (voteLabels as readonly string[]).includes(name);
}

function actorOf({ actor, botActor }: Entry, viewer: string): LabelActor {
  if (actor === null || botActor !== null) return { kind: 'nobody' };
  const { id: user, name } = actor;
  if (user === viewer) return { kind: 'ourselves' };
  const what = noMemberOf(actor);
  return what === null ? { kind: 'member', user, name } : { kind: 'no_member', user, what };
}

const has = (labels: Entry['addedLabels'], name: string) => labels?.some((label) => label.name === name) ?? false;

function additionsOf(history: readonly Entry[], viewer: string): readonly LabelAddition[] {
  const entries = history.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return entries.flatMap((entry, position) => {
    const later = entries.slice(position + 1);
    const added = (['assistant:rejected', 'assistant:approved'] as const).filter((name) => has(entry.addedLabels, name));
    return added.map((label) => ({
      entryId: entry.id,
      label,
      at: entry.createdAt,
      by: actorOf(entry, viewer),
      withdrawn: later.some((one) => has(one.removedLabels, label) && actorOf(one, viewer).kind !== 'ourselves'),
      last: !later.some((one) => has(one.addedLabels, label)),
    }));
  });
}

function proposalOf({ comments }: Issue): LabelledIssue['proposal'] {
  const shown = comments.nodes.flatMap(({ body, createdAt: at }) => {
    const requestHash = proposedHash(body);
    return requestHash === null ? [] : [{ requestHash, at }];
  });
  return shown.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1) ?? null;
}

const pages = 20;

/** Linear's API. A history that is longer than any that people make is not trusted: it throws, and no label counts. */
export function createLinearIssues(options: LinearClientOptions): LinearIssues {
  const api = createApi(options);
  return {
    async read(id) {
      const history: Entry[] = [];
      let after: string | null = null;
      for (let page = 0; page < pages; page += 1) {
        const { viewer, issues }: z.infer<typeof labelVotes.answer> = await api.read(labelVotes, { id, after });
        const issue: Issue | undefined = issues.nodes[0];
        if (issue === undefined) return null;
        history.push(...issue.history.nodes);
        after = issue.history.pageInfo.endCursor;
        if (issue.history.pageInfo.hasNextPage && after !== null) continue;
        const on = new Map(issue.labels.nodes.flatMap((label) => (isVoteLabel(label.name) ? [[label.name, label.id] as const] : [])));
        return { id, updatedAt: issue.updatedAt, on, additions: additionsOf(history, viewer.id), proposal: proposalOf(issue) };
      }
      throw new PeerUnavailable('the history of the issue is too long');
    },
  };
}
