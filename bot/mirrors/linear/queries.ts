import { z } from 'zod';

/**
 * Reads ask for the few fields that a mirror needs: the SDK's own documents select every field of a type, which costs
 * a hundredfold of Linear's complexity budget.
 */
export interface Read<T> {
  readonly document: string;
  readonly answer: z.ZodType<T>;
}

const nodes = <T>(node: z.ZodType<T>) => z.object({ nodes: z.array(node) });

export const teamByKey = {
  document: `query teamByKey($key: String!) {
  teams(filter: { key: { eq: $key } }, first: 1) { nodes { id } }
  workflowStates(filter: { team: { key: { eq: $key } } }, first: 250) { nodes { id type position } }
}`,
  answer: z.object({
    teams: nodes(z.object({ id: z.string() })),
    workflowStates: nodes(z.object({ id: z.string(), type: z.string(), position: z.number() })),
  }),
};

export const labelsByName = {
  document: `query labelsByName($names: [String!]!) {
  issueLabels(filter: { name: { in: $names } }, first: 250) { nodes { id name team { id } } }
}`,
  answer: z.object({ issueLabels: nodes(z.object({ id: z.string(), name: z.string(), team: z.object({ id: z.string() }).nullable() })) }),
};

export const issueById = {
  document: `query issueById($id: ID!) {
  issues(filter: { id: { eq: $id } }, first: 1, includeArchived: true) { nodes { id url labelIds } }
}`,
  answer: z.object({ issues: nodes(z.object({ id: z.string(), url: z.string(), labelIds: z.array(z.string()) })) }),
};

export const commentById = {
  document: `query commentById($id: ID!) {
  comments(filter: { id: { eq: $id } }, first: 1, includeArchived: true) { nodes { id } }
}`,
  answer: z.object({ comments: nodes(z.object({ id: z.string() })) }),
};

export const documentById = {
  document: `query documentById($id: ID!) {
  documents(filter: { id: { eq: $id } }, first: 1, includeArchived: true) { nodes { id } }
}`,
  answer: z.object({ documents: nodes(z.object({ id: z.string() })) }),
};
