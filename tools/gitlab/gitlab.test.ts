import { describe, expect, it } from 'vitest';
import { SiteIncomplete } from '../errors.ts';
import { checksOf } from '../git/checks.ts';
import { sampleSite } from '../testing/examples.ts';
import { gitlabAt, ProjectPath } from './api.ts';
import { checkedOf } from './merge-request.ts';
import { settings } from './settings.ts';

describe('projects', () => {
  const site = (projects: string[]) => ({
    ...sampleSite,
    gitlab: { ...(sampleSite.gitlab as NonNullable<typeof sampleSite.gitlab>), projects },
  });

  it.each([
    ['acme/*', 'acme/shop', true],
    ['acme/*', 'ACME/Shop', true],
    ['acme/*', 'acme/platform/shop', false],
    ['acme/**', 'acme/platform/shop', true],
    ['acme/**', 'acme-other/shop', false],
    ['acme/platform/*', 'acme/platform/shop', true],
    ['acme/platform/*', 'acme/shop', false],
    ['acme/shop', 'acme/shop', true],
    ['acme/shop', 'acme/shop2', false],
    ['acme/shop', 'acme/shop/more', false],
  ])('%s names %s: %s', (pattern, path, named) => {
    const look = () => gitlabAt(site([pattern]), path);
    if (named) expect(look().projects).toEqual([pattern]);
    else expect(look).toThrow(SiteIncomplete);
  });

  it.each([
    'shop',
    '/acme/shop',
    'acme/-/shop',
    'acme/../shop',
    'acme/shop.git',
    'acme/shop.',
    'acme/sh%2fop',
    'acme/shop?x',
    'a b/c',
    'acme//shop',
  ])('have no path such as %s', (path) => expect(ProjectPath.safeParse(path).success).toBe(false));

  it('are at an address over https alone, without credentials in it', () => {
    const token = { read: '/r', write: '/w' };
    const at = (url: string) => settings.safeParse({ url, projects: ['acme/**'], token }).success;
    expect(at('https://gitlab.example:8443/git')).toBe(true);
    for (const url of ['http://gitlab.example', 'https://u:p@gitlab.example', 'https://gitlab.example/?a=b', 'file:///etc'])
      expect(at(url)).toBe(false);
    for (const pattern of ['**', '*/shop', 'acme/*/shop', '-acme/*'])
      expect(settings.safeParse({ projects: [pattern], token }).success).toBe(false);
  });
});

it.each([
  ['success', [], 'passing', { failing: 0 }],
  ['running', [['failed', true]], 'pending', { failing: 0, passing: 1 }],
  ['failed', [['success', false]], 'failing', { passing: 1 }],
  ['manual', [['manual', false]], 'pending', { pending: 2 }],
  ['success', [['manual', true]], 'passing', { passing: 2 }],
  ['canceled', [['canceled', false]], 'failing', { failing: 2 }],
  ['something new', [], 'pending', {}],
] as const)('a pipeline that is %s with jobs %j is %s', (status, jobs, verdict, more) => {
  const common = { ref: 'main', sha: 'a', web_url: 'https://gitlab.example' };
  const all = jobs.map(([state, allow_failure], id) => ({
    ...{ ...common, id, name: `job ${id}`, stage: 'test', status: state, allow_failure, created_at: '', pipeline: { id: 1 } },
  }));
  expect(checksOf(checkedOf({ ...common, id: 1, status }, all))).toMatchObject({ verdict, ...more });
});

it('a request without a pipeline has no checks', () => {
  expect(checksOf(checkedOf(null, null)).verdict).toBe('none');
});
