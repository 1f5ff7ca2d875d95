import { z } from 'zod';
import { branchOf, type Planned } from '../git/grammar.ts';
import { parseJson } from '../json.ts';
import type { HttpCommand, SiteFacts } from '../operation.ts';
import { projectApi } from './api.ts';
import { ListedRequest, mergeCommitOf, own, requestsOf } from './merge-request.ts';

const commit = z.string().nullable();
const Merged = ListedRequest.extend({ sha: commit, merge_commit_sha: commit, squash_commit_sha: commit });

/** The requests of a change's branch, the newest first: one read says what it was merged as. Throws SiteIncomplete. */
export function mergedRequest(
  { repository, base, ...step }: Planned & { readonly repository: string; readonly base: string },
  site: SiteFacts,
): HttpCommand {
  return requestsOf(projectApi(site, repository), branchOf(step), base);
}

/** What GitLab answered to that; null: it is not merged. Without a merge commit its own commit is the branch's tip. Throws OutputMalformed. */
export function mergedCommit(stdout: string): string | null {
  const all = parseJson(z.array(Merged), stdout);
  const request = all.find(({ iid }) => iid === own(all)?.iid);
  if (request?.state !== 'merged') return null;
  return mergeCommitOf(request) ?? request.sha;
}
