import { z } from 'zod';
import { EditRefused } from '../errors.ts';
import { argument } from '../grammar.ts';
import type { FileEdit } from '../operation.ts';
import { FilePath } from './grammar.ts';
import { type Selected, setValue } from './yaml.ts';

/** One line; null: not there. `from` is what the file has to say before. */
const Scalar = z.union([argument(500), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof Scalar>;

/** A key, a position, or the one item of a list whose field has that value. */
const Step = z.union([argument(100), z.int().min(0).max(10_000), z.strictObject({ where: argument(100), is: argument(300) })]);

const change = { file: FilePath, from: Scalar, to: Scalar };

/** By the path of a value in a document of YAML or JSON; `object` says which, where a file holds several. */
const YamlEdit = z.strictObject({
  kind: z.literal('yaml'),
  ...change,
  object: z.strictObject({ kind: argument(100), name: argument(253) }).optional(),
  path: z.array(Step).min(1).max(30),
});

/** The name of an image in a `kustomization.yaml`. */
export const KustomizeImage = argument(300);

/** A value of a chart, as `helm --set` names it: `image.tag`, `env[0].value`. */
export const HelmValue = argument(300).regex(
  /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+|\[\d{1,4}\])*$/,
  'must be the name of a value, as helm --set takes it',
);

/** The tag, name or digest of an image in a `kustomization.yaml` that lists it. */
const ImageEdit = z.strictObject({
  kind: z.literal('kustomize_image'),
  ...change,
  image: KustomizeImage,
  field: z.enum(['newTag', 'newName', 'digest']).default('newTag'),
});

const HelmEdit = z.strictObject({ kind: z.literal('helm_value'), ...change, value: HelmValue });

export const Edit = z
  .discriminatedUnion('kind', [YamlEdit, ImageEdit, HelmEdit])
  .refine(({ from, to }) => from !== to, 'must change something');
export type Edit = z.infer<typeof Edit>;

export const Edits = z.array(Edit).min(1).max(20);

/** What brings it back. */
export function inverse(edit: Edit): Edit {
  return { ...edit, from: edit.to, to: edit.from };
}

/** One per file, in which its edits follow each other. */
export function fileEdits(edits: readonly Edit[]): FileEdit[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.map((file) => ({
    file,
    apply: (text) => edits.filter((edit) => edit.file === file).reduce((now, edit) => setValue(now, selectionOf(edit, now), edit), text),
  }));
}

function selectionOf(edit: Edit, text: string): Selected {
  switch (edit.kind) {
    case 'yaml':
      return { object: edit.object ?? null, path: edit.path };
    case 'helm_value':
      return { object: null, path: pathOf(edit.value) };
    case 'kustomize_image': {
      if (edit.field === 'newTag' && pinned(text, edit.image)) throw new EditRefused(`${edit.file}: ${edit.image} is pinned by its digest`);
      return { object: null, path: ['images', { where: 'name', is: edit.image }, edit.field] };
    }
  }
}

function pathOf(value: string): (string | number)[] {
  return [...value.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? (key ?? '') : Number(index)));
}

/** A digest wins over a tag: setting the tag would change nothing. */
function pinned(text: string, image: string): boolean {
  try {
    setValue(text, { object: null, path: ['images', { where: 'name', is: image }, 'digest'] }, { file: '', from: null, to: 'probe' });
    return false;
  } catch (error) {
    return error instanceof EditRefused && error.message.includes('expected nothing');
  }
}
