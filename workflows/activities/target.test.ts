import { expect, test } from 'vitest';
import { GitOps } from '../gitops/contract.ts';
import type { Estate } from '../ports.ts';
import { targetOf } from './target.ts';

const service = (name: string, namespace: string, site: string, owners: string[]): Estate['services'][number] => ({
  name,
  site,
  namespace,
  owners,
  errorRateQuery: null,
  errorRateLimit: 0.05,
  verifyWithinSeconds: 60,
  channel: null,
});
const estate = {
  sites: [{ name: 'shop', environment: 'staging', systems: ['kubernetes', 'prometheus'] }],
  services: [service('checkout', 'shop', 'shop', ['ann', 'ben']), service('checkout', 'shop', 'elsewhere', [])],
};

test('a target is the configured service of its site, namespace and name', () => {
  expect(targetOf(estate, 'shop', { namespace: 'shop', name: 'checkout' })).toEqual({
    site: { name: 'shop', environment: 'staging' },
    namespace: 'shop',
    service: 'checkout',
    owners: 2,
  });
});

test.each([
  ['another name', { namespace: 'shop', name: 'checkout-worker' }],
  ['another namespace', { namespace: 'infra', name: 'checkout' }],
  ['no name', { namespace: 'shop' }],
  ['no namespace', { name: 'checkout' }],
  ['a namespace that is no text', { namespace: ['shop'], name: 'checkout' }],
])('%s is of no service, and has no owners', (_, input) => {
  expect(targetOf(estate, 'shop', input)).toMatchObject({ service: null, owners: 0 });
});

test('a site that configuration does not know is production', () => {
  expect(targetOf(estate, 'nowhere', {}).site).toEqual({ name: 'nowhere', environment: 'production' });
});

test('what goes by way of Git is of the service whose files or application it names', () => {
  const web = { ...service('web', 'shop', 'shop', ['ann']), gitops: GitOps.parse({ repository: 'acme/deploy', manifest: 'web.yaml' }) };
  const api = {
    ...service('api', 'shop', 'shop', []),
    gitops: GitOps.parse({ repository: 'acme/deploy', replicas: { file: 'api.yaml', value: 'replicas' }, application: 'api' }),
  };
  const own = { ...estate, services: [web, api] };
  const change = { repository: 'acme/deploy', base: 'main', edits: [{ file: 'web.yaml' }] };
  expect(targetOf(own, 'shop', change)).toMatchObject({ namespace: 'shop', service: 'web', owners: 1 });
  expect(targetOf(own, 'shop', { ...change, edits: [{ file: 'api.yaml' }] })).toMatchObject({ service: 'api' });
  expect(targetOf(own, 'shop', { application: 'api' })).toMatchObject({ service: 'api' });
  for (const other of [{ ...change, base: 'dev' }, { ...change, repository: 'acme/x' }, { ...change, edits: [] }, { application: 'x' }, {}])
    expect(targetOf(own, 'shop', other)).toMatchObject({ namespace: null, service: null });
});

test('of values that share a file the service is the one whose value it is', () => {
  const sharing = (name: string) => ({
    ...service(name, 'shop', 'shop', []),
    gitops: GitOps.parse({
      repository: 'acme/deploy',
      image: { file: 'values.yaml', tag: `${name}.image.tag` },
      replicas: { file: 'values.yaml', value: `${name}.replicas` },
      resources: { file: 'values.yaml', value: `${name}.resources` },
    }),
  });
  const own = { ...estate, services: ['web', 'api'].map(sharing) };
  const by = (value: string) => {
    const edits = [{ kind: 'helm_value', file: 'values.yaml', value, from: '1', to: '2' }];
    return targetOf(own, 'shop', { repository: 'acme/deploy', base: 'main', edits }).service;
  };
  expect(['image.tag', 'replicas', 'resources.limits.memory'].map((rest) => [by(`web.${rest}`), by(`api.${rest}`)])).toEqual(
    Array(3).fill(['web', 'api']),
  );
});
