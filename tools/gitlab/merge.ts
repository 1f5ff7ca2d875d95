import { z } from 'zod';
import { CommitId } from '../git/grammar.ts';
import { merging } from '../git/merging.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { write } from '../operation.ts';
import { gitlabTimeoutMs, Numbered, projectApi } from './api.ts';
import { diffRequest, diffText } from './changes.ts';
import { ListedRequest } from './merge-request.ts';
import { RequestState, requestStateOf } from './merge-requests.ts';

export const merge = write({
  name: 'gitlab.merge',
  tier: 'medium',
  summary: 'Merge a merge request whose head is the commit that was looked at, and whose checks have passed',
  input: Numbered.extend({
    headCommit: CommitId,
    /** `merge`: as the project has it. */
    method: z.enum(['merge', 'squash']).default('merge'),
  }),
  output: Message,
  command: ({ repository, number, headCommit, method }, site) =>
    projectApi(site, repository).send('PUT', `/merge_requests/${number}/merge`, {
      sha: headCommit,
      ...(method === 'squash' ? { squash: true } : {}),
    }),
  dryRun: diffRequest,
  dryRunText: ({ stdout }) => diffText(stdout),
  parse: ({ stdout }) => {
    const { state, web_url } = parseJson(ListedRequest, stdout);
    return { message: `${web_url}: ${state}` };
  },
  timeoutMs: gitlabTimeoutMs,
  // Into a branch that is protected merges whom it lets: by default a Maintainer.
  permissions: ['role Maintainer', 'scope api'],
  state: requestStateOf,
  stateOutput: RequestState,
  preconditions: (input, before) => [...merging.preconditions(input, before), { pointer: '/mergeStatus', op: 'eq', value: 'mergeable' }],
  impact: merging.impact,
  probe: merging.probe,
  verification: (input) => merging.verification(`Merge request ${input.number} is merged`, requestStateOf(input)),
  irreversibleReason: 'what was merged is undone by another merge request: gitlab.revert opens one',
});
