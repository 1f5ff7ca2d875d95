import { expect, it } from 'vitest';
import { kubeconfigRefusal } from './kubeconfig.ts';

it.each([
  ['a token', 'users: [{name: a, user: {token: made-up}}]', null],
  ['no users', 'users: null', null],
  [
    'an exec plugin',
    'users: [{name: a, user: {token: made-up}}, {name: b, user: {exec: {command: aws}}}]',
    'kubeconfig names a credential plugin',
  ],
  ['an exec plugin in JSON', '{"users":[{"name":"a","user":{"exec":null}}]}', 'kubeconfig names a credential plugin'],
  ['an auth provider', 'users: [{name: a, user: {auth-provider: {name: gcp}}}]', 'kubeconfig names a credential plugin'],
  ['broken YAML', 'users: [', 'kubeconfig is malformed'],
  ['users of another shape', 'users: {exec: 1}', 'kubeconfig is malformed'],
])('judges a kubeconfig with %s', (_what, text, refusal) => {
  expect(kubeconfigRefusal(text)).toBe(refusal);
});
