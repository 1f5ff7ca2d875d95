import { expect, it } from 'vitest';
import { gitOwnerOf } from './owner.ts';
import { scale } from './scale.ts';

it.each([
  [{ annotations: { 'argocd.argoproj.io/tracking-id': 'web:apps/Deployment:shop/web' } }, 'Argo CD application web'],
  [{ labels: { 'argocd.argoproj.io/instance': 'web' } }, 'Argo CD application web'],
  [
    { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' } },
    'Flux kustomization flux-system/apps',
  ],
  [{ labels: { 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'shop' } }, 'Flux Helm release shop/web'],
  // Charts set it too: it says nothing of Git.
  [{ labels: { 'app.kubernetes.io/instance': 'web' } }, null],
  [{}, null],
])('%j is owned by %s', (metadata, owner) => expect(gitOwnerOf(metadata)).toBe(owner));

it('a state that does not say leaves it open, which policy refuses', () => {
  expect(scale.gitOwner?.({} as Parameters<NonNullable<typeof scale.gitOwner>>[0])).toBeUndefined();
});
