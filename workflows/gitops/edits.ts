import type { Edit } from '../../tools/git/edit.ts';
import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import type { GitOps } from './contract.ts';
import type { Wish } from './wishes.ts';

const kinds = { deployment: 'Deployment', statefulset: 'StatefulSet', daemonset: 'DaemonSet' } as const;

export interface Workload {
  readonly kind: keyof typeof kinds;
  readonly name: string;
}

/** The edit of a file that brings about one wish; words: there is none, and why. */
export function editOf(gitops: GitOps, workload: Workload, state: RolloutState, wish: Wish): Edit | string {
  const valued = inValues(gitops, state, wish);
  if (valued !== null) return valued;
  if (gitops.manifest === undefined) return `services[].gitops does not say where ${nameOf(wish)} stands`;
  const object = { kind: kinds[workload.kind], name: workload.name };
  return { kind: 'yaml', file: gitops.manifest, object, path: pathOf(wish), from: wish.from, to: wish.to };
}

function nameOf(wish: Wish): string {
  if (wish.what === 'replicas') return 'the number of replicas';
  return wish.what === 'image' ? `the image of container ${wish.container}` : `the ${wish.name} of container ${wish.container}`;
}

type Path = Extract<Edit, { kind: 'yaml' }>['path'];

function pathOf(wish: Wish): Path {
  if (wish.what === 'replicas') return ['spec', 'replicas'];
  const container: Path = ['spec', 'template', 'spec', 'containers', { where: 'name', is: wish.container }];
  return wish.what === 'image' ? [...container, 'image'] : [...container, 'resources', wish.part, wish.name];
}

/** Null: it stands in no values. */
function inValues(gitops: GitOps, state: RolloutState, wish: Wish): Edit | string | null {
  const { replicas, resources, image } = gitops;
  if (wish.what === 'replicas')
    return replicas === undefined ? null : { kind: 'helm_value', file: replicas.file, value: replicas.value, from: wish.from, to: wish.to };
  if (!isTheContainer(gitops, state, wish.container)) return null;
  if (wish.what === 'image') return image === undefined ? null : imageEdit(image, wish);
  if (resources === undefined) return null;
  const value = `${resources.value}.${wish.part}.${wish.name}`;
  return { kind: 'helm_value', file: resources.file, value, from: wish.from, to: wish.to };
}

/** The one that configuration names; else the only one. */
function isTheContainer({ container }: GitOps, { images }: RolloutState, wanted: string): boolean {
  return container === undefined ? Object.keys(images).length === 1 : container === wanted;
}

function imageEdit(place: NonNullable<GitOps['image']>, { from, to }: Extract<Wish, { what: 'image' }>): Edit | string {
  const { file } = place;
  if ('reference' in place) return { kind: 'helm_value', file, value: place.reference, from, to };
  const [before, after] = [partsOf(from), partsOf(to)];
  if (before.name !== after.name) return `the image would be another, not another version of it: ${from} became ${to}`;
  const digests = before.digest !== null && after.digest !== null;
  if ('kustomize' in place && digests)
    return { kind: 'kustomize_image', file, image: place.kustomize, field: 'digest', from: before.digest, to: after.digest };
  if (before.digest !== null || after.digest !== null) return `a digest decides, not the tag: ${from} became ${to}`;
  if (before.tag === null || after.tag === null) return `an image without a tag stands for no version: ${from} became ${to}`;
  if ('tag' in place) return { kind: 'helm_value', file, value: place.tag, from: before.tag, to: after.tag };
  return { kind: 'kustomize_image', file, image: place.kustomize, field: 'newTag', from: before.tag, to: after.tag };
}

/** `registry:5000/name:tag@digest` */
export function partsOf(reference: string): { readonly name: string; readonly tag: string | null; readonly digest: string | null } {
  const [tagged = '', digest = null] = reference.split('@');
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  return colon < 0 ? { name: tagged, tag: null, digest } : { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}
