import { tokenIn } from '../credentials.ts';
import { program as git } from '../git/program.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { change, changeAndMerge, changeState, withdraw } from './change.ts';
import { blame, commitList, deploymentList, releaseList } from './history.ts';
import { merge, revert, revertState } from './merge.ts';
import { program } from './program.ts';
import { prGet, prList } from './pulls.ts';
import { rerun, runGet, runList, runLogs } from './runs.ts';

const operations: readonly AnyOperation[] = [
  blame,
  change,
  changeAndMerge,
  changeState,
  commitList,
  deploymentList,
  merge,
  prGet,
  prList,
  releaseList,
  rerun,
  revert,
  revertState,
  runGet,
  runList,
  runLogs,
  withdraw,
];

export const system = defineSystem({
  name: 'github',
  title: 'GitHub',
  operations,
  programs: [program, git],
  api: ({ host, token, ca }) => ({
    ca,
    url: host === 'github.com' ? 'https://api.github.com' : `https://${host}/api`,
    headers: async (credentials) => ({
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${await tokenIn(token, credentials, 'github.token')}`,
      'user-agent': 'watchkeeper',
      'x-github-api-version': '2022-11-28',
    }),
  }),
  git: ({ host, token, ca }) => ({ base: `https://${host}/`, user: 'x-access-token', token, where: 'github.token', ca }),
  secrets: ({ token }) => ({ tokens: [token] }),
});
