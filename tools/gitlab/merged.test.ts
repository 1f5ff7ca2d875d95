import { expect, it } from 'vitest';
import { mergedCommit } from './merged.ts';

const [tip, merge, squash] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const request = (over: object = {}) => ({
  ...{
    id: 1,
    iid: 7,
    title: 'Return web',
    state: 'merged',
    web_url: 'https://gitlab.example/acme/deploy/-/merge_requests/7',
    draft: false,
  },
  ...{ author: null, source_branch: 'watchkeeper/x-s1', target_branch: 'main', created_at: '2026-01-02T03:04:05Z', merged_at: null },
  ...{ source_project_id: 3, target_project_id: 3, sha: tip, merge_commit_sha: merge, squash_commit_sha: squash, ...over },
});
const told = (...requests: object[]) => mergedCommit(JSON.stringify(requests));

it('is the commit by which a request came into the other branch: of the merge, else the squashed one, else its own', () => {
  expect(told(request())).toBe(merge);
  expect(told(request({ merge_commit_sha: null }))).toBe(squash);
  expect(told(request({ merge_commit_sha: null, squash_commit_sha: null }))).toBe(tip);
});

it('is none of what is not merged, and of a fork', () => {
  expect(told()).toBeNull();
  expect(told(request({ state: 'opened' }), request())).toBeNull();
  expect(told(request({ source_project_id: 4 }))).toBeNull();
  expect(() => mergedCommit('{"message":"401 Unauthorized"}')).toThrow();
});
