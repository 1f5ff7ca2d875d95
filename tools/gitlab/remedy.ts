import type { Remedy } from '../system.ts';

export const remedy: Remedy = ({ code, message }, account) => {
  const setting = `gitlab.token.${account} of the site`;
  const guide = `docs/guides/gitlab-${account}-token.txt has its role and scopes`;
  if (/expired|revoked/i.test(message)) return `its token has ended: make another and put it where ${setting} says; ${guide}`;
  if (code === 'forbidden') return `GitLab does not know its token, or it lacks a scope: put another where ${setting} says; ${guide}`;
  if (code === 'context_unknown') return `put a token where ${setting} says; ${guide}`;
  if (code === 'not_found' || code === 'output_malformed') return 'correct gitlab.url: no API v4 of GitLab answers there';
  if (code === 'throttled') return 'it is asked too often: wait, or lower limits.gitlab of the site';
  if (code === 'unreachable' || code === 'timeout')
    return 'see whether it answers where the runner runs (curl -sS <gitlab.url>/api/v4/version), correct gitlab.url, or name its authority in gitlab.ca';
  return null;
};
