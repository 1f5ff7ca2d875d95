import { z } from 'zod';
import { type Edit, HelmValue, KustomizeImage } from '../../tools/git/edit.ts';
import { Branch, FilePath } from '../../tools/git/grammar.ts';
import { RepositoryName } from '../../tools/github/gh.ts';
import { ProjectPath } from '../../tools/gitlab/api.ts';
import { KubernetesLabel, KubernetesName } from '../../tools/grammar.ts';

const Value = z.strictObject({ file: FilePath, value: HelmValue.describe('As helm --set names it.') });

const Image = z
  .union([
    z.strictObject({ file: FilePath, tag: HelmValue.describe('Value that holds the tag alone.') }),
    z.strictObject({ file: FilePath, reference: HelmValue.describe('Value that holds the whole reference.') }),
    z.strictObject({ file: FilePath, kustomize: KustomizeImage.describe('Name of the image under `images` of a kustomization.') }),
  ])
  .describe('Where the image of the container stands.');

/** Where Git says what a service is: its fixes become pull requests there. */
export const GitOps = z
  .strictObject({
    forge: z.enum(['github', 'gitlab']).default('github').describe('System of the site that has the repository.'),
    repository: z
      .union([RepositoryName, ProjectPath])
      .describe('As its forge names it: owner/name, or the full path of a project of GitLab.'),
    branch: Branch.default('main').describe('Branch that is deployed.'),
    manifest: FilePath.optional().describe('File with the workload itself, as YAML: image, replicas and resources stand there.'),
    container: KubernetesLabel.optional().describe('Container whose image and resources stand in values; unset: the only one.'),
    image: Image.optional(),
    replicas: Value.optional().describe('Where the number of replicas stands.'),
    resources: Value.optional().describe('Where requests and limits of the container stand.'),
    application: KubernetesName.optional().describe('Application of Argo CD that deploys it; unset: as the workload is marked.'),
    merge: z
      .enum(['people', 'rules'])
      .default('people')
      .describe('Who merges: people there, or the forge itself as soon as the rules of the repository allow it.'),
    withinMinutes: z.int().min(1).max(1_440).default(60).describe('How long a pull request waits for its merge; then it is taken back.'),
  })
  .refine(
    ({ manifest, image, replicas, resources }) => [manifest, image, replicas, resources].some((place) => place !== undefined),
    'needs manifest, or where image, replicas or resources stand',
  )
  .describe('Where Git says what the service is: what fixes it becomes a pull request there, instead of a write that Git would undo.');
export type GitOps = z.infer<typeof GitOps>;

/** Every file that it names. */
export function filesOf({ manifest, image, replicas, resources }: GitOps): readonly string[] {
  return [manifest, image?.file, replicas?.file, resources?.file].filter((file) => file !== undefined);
}

/** Whether an edit is of the place where this service says that something of it stands: values of several services may share a file. */
export function isPlaceOf({ manifest, image, replicas, resources }: GitOps, name: string, edit: Edit): boolean {
  switch (edit.kind) {
    case 'yaml':
      return edit.file === manifest && edit.object?.name === name;
    case 'kustomize_image':
      return image !== undefined && 'kustomize' in image && edit.file === image.file && edit.image === image.kustomize;
    case 'helm_value': {
      const own = image === undefined || 'kustomize' in image ? undefined : 'tag' in image ? image.tag : image.reference;
      const at = (file: string | undefined, value: string | undefined) => edit.file === file && edit.value === value;
      const below = resources !== undefined && edit.file === resources.file && edit.value.startsWith(`${resources.value}.`);
      return at(image?.file, own) || at(replicas?.file, replicas?.value) || below;
    }
  }
}
