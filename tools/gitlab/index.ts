import { tokenIn } from '../credentials.ts';
import { program as git } from '../git/program.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { change, changeAndMerge, changeState, withdraw } from './change.ts';
import { mrChanges } from './changes.ts';
import { deploymentList, environmentList } from './deployments.ts';
import { mrDiscussions } from './discussions.ts';
import { blame, commitList, file, releaseList } from './history.ts';
import { jobGet, jobLogs, jobRetry } from './jobs.ts';
import { merge } from './merge.ts';
import { mrGet, mrList } from './merge-requests.ts';
import { pipelineGet, pipelineList, pipelineRetry } from './pipelines.ts';
import { remedy } from './remedy.ts';
import { isRevertDryRun, revert, revertState } from './revert.ts';
import { rights, tokenText } from './rights.ts';

const operations: readonly AnyOperation[] = [
  blame,
  change,
  changeAndMerge,
  changeState,
  commitList,
  deploymentList,
  environmentList,
  file,
  jobGet,
  jobLogs,
  jobRetry,
  merge,
  mrChanges,
  mrDiscussions,
  mrGet,
  mrList,
  pipelineGet,
  pipelineList,
  pipelineRetry,
  releaseList,
  revert,
  revertState,
  withdraw,
];

export const system = defineSystem({
  name: 'gitlab',
  title: 'GitLab',
  operations,
  rights,
  remedy,
  role: { title: 'GitLab access token', text: tokenText },
  programs: [git],
  isDryRun: isRevertDryRun,
  api: ({ url, token, ca }) => ({
    ...{ url, ca },
    headers: async (credentials) => ({
      'private-token': await tokenIn(token, credentials, 'gitlab.token'),
      'user-agent': 'watchkeeper',
    }),
  }),
  git: ({ url, token, ca }) => ({ base: `${url.replace(/\/$/, '')}/`, user: 'oauth2', token, where: 'gitlab.token', ca }),
  secrets: ({ token }) => ({ tokens: [token] }),
});
