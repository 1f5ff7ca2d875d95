import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { Edit, fileEdits, inverse, type Scalar } from './edit.ts';

const values = `# Values of web.
image:
  repository: registry.example/shop/web   # do not mirror
  tag: "1.3"
replicas:    3
env:
- name: MODE
  value: 'fast'

- {name: LIMIT, value: 5}
list: [a,   b]
shared: &base
  cpu: 1
other: *base

# the end
`;

function edit(text: string, one: object): string {
  const [only] = fileEdits([Edit.parse(one)]);
  if (only === undefined) throw new Error('no edit');
  return only.apply(text);
}

const helm = (value: string, from: unknown, to: unknown) => ({ kind: 'helm_value', file: 'values.yaml', value, from, to });

describe('an edit', () => {
  it.each([
    [helm('image.tag', '1.3', '1.2'), '  tag: "1.3"', '  tag: "1.2"'],
    [helm('replicas', 3, 5), 'replicas:    3', 'replicas:    5'],
    [helm('env[0].value', 'fast', 'slow'), "  value: 'fast'", "  value: 'slow'"],
    [helm('env[1].value', 5, '5'), 'value: 5}', 'value: "5"}'],
    [helm('image.pullPolicy', null, 'Always'), '  tag: "1.3"\n', '  tag: "1.3"\n  pullPolicy: Always\n'],
    [helm('image.tag', '1.3', null), '  tag: "1.3"\n', ''],
    [helm('debug', null, true), 'other: *base\n', 'other: *base\ndebug: true\n'],
  ])('%j touches nothing else', (one, before, after) => {
    const edited = edit(values, one);
    expect(edited).toBe(values.replace(before, after));
    expect(edit(edited, inverse(Edit.parse(one)))).toBe(one.value === 'env[1].value' ? edited.replace('"5"', '5') : values);
  });

  it.each([
    ['another value than expected', helm('image.tag', '1.4', '1.2'), 'image.tag is "1.3", expected "1.4"'],
    ['a number where text is expected', helm('replicas', '3', '5'), 'replicas is 3, expected "3"'],
    ['a value that is there already', helm('image.tag', null, '1.2'), 'expected nothing'],
    ['a value that is not there', helm('image.digest', 'a', 'b'), 'is not there'],
    ['a place that is not there', helm('images.tag', 'a', 'b'), 'images is not there'],
    ['a mapping', helm('image', 'a', 'b'), 'is no single value'],
    ['what an anchor shares', helm('shared.cpu', 1, 2), 'has an anchor'],
    ['an alias', helm('other.cpu', 1, 2), 'is an alias'],
    ['a list by a key', helm('env.name', 'a', 'b'), 'is a list'],
    ['what is written on one line', helm('env[1].more', null, 'b'), 'add to it by hand'],
  ])('refuses %s', (_, one, words) => {
    expect(() => edit(values, one)).toThrow(words);
  });

  it('finds one object among several, and an item of a list by its name', () => {
    const object = (name: string, image: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec:\n      containers:\n        - image: ${image} # by CI\n          name: main\n`;
    const text = `${object('web', 'a:1')}---\n${object('api', 'a:1')}`;
    const path = ['spec', 'template', 'spec', 'containers', { where: 'name', is: 'main' }, 'image'];
    const one = { kind: 'yaml', file: 'all.yaml', object: { kind: 'Deployment', name: 'api' }, path, from: 'a:1', to: 'a:2' };
    expect(edit(text, one)).toBe(`${object('web', 'a:1')}---\n${object('api', 'a:2')}`);
    expect(() => edit(text, { ...one, object: undefined })).toThrow('say which object');
    expect(() => edit(text, { ...one, object: { kind: 'Service', name: 'api' } })).toThrow('holds no Service api');
  });

  it('sets the tag of an image of kustomize, unless its digest decides', () => {
    const text = 'resources: [all.yaml]\nimages:\n  # mirrored\n  - name: web\n    newName: registry.example/web\n    newTag: "1.3"\n';
    const one = { kind: 'kustomize_image', file: 'kustomization.yaml', image: 'web', from: '1.3', to: '1.2' };
    expect(edit(text, one)).toBe(text.replace('1.3', '1.2'));
    expect(() => edit(`${text}    digest: sha256:aa\n`, one)).toThrow('pinned by its digest');
    expect(() => edit(text, { ...one, image: 'api' })).toThrow('nothing whose name is api');
  });

  it.each(['../x', '/etc/passwd', 'a/../b', '.git/config', 'a/.GIT/x', '-x', 'a//b', 'a b', 'a/-b', 'a\nb', 'a.'])(
    'takes no path such as %j',
    (file) => {
      expect(Edit.safeParse({ ...helm('a', 'b', 'c'), file }).success).toBe(false);
    },
  );

  it('changes the one value to exactly what was asked, or refuses, whatever the document', () => {
    const scalar: fc.Arbitrary<Scalar> = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.integer(), fc.boolean());
    const tree = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
      minKeys: 1,
      maxKeys: 5,
    });
    fc.assert(
      fc.property(tree, scalar, fc.constantFrom('BLOCK_LITERAL', 'QUOTE_DOUBLE', 'PLAIN'), (object, to, type) => {
        const text = stringify(object, { defaultStringType: type as 'PLAIN' });
        for (const [key, from] of Object.entries(object)) {
          const one = Edit.safeParse({ kind: 'yaml', file: 'a.yaml', path: [key], from, to });
          if (!one.success) continue;
          let edited: string;
          try {
            edited = edit(text, one.data);
          } catch (error) {
            expect((error as { code: string }).code).toBe('failed');
            continue;
          }
          expect(parse(edited)).toEqual({ ...object, [key]: to });
        }
      }),
      { numRuns: 200 },
    );
  });
});
