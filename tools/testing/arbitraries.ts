import fc from 'fast-check';

/** What an attacker, or a model that read one, may put where a name belongs. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    ...['--kubeconfig=/tmp/x', '-f', '--token=x', '--server=http://x', '--as=root', '--raw=/', '--post-renderer=/bin/sh', '--', '-'],
    ...['@/etc/passwd', 'file:///etc/passwd', '/etc/passwd', './x', '../../etc', 'a/../../b', '~/.kube/config', 'a,b=c', 'a=b', 'a{b}'],
    ...['$(id)', '`id`', 'a;id', 'x --raw=/', 'a\nb', 'a\rb', 'a\0b', 'a\u202eb', 'a\u200bb', '\u001b[31mx', 'A'.repeat(100_000)],
    ...['https://attacker.example/x', 'oci://attacker.example/-x', 'x\\y', 'a.b[0]=c'],
  ),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^-{1,2}[a-z]+(=[a-z]+)?$/),
);

type Json = unknown;
type Mutation = (value: string) => Record<string, unknown>;

function replaceAt(input: Json, path: readonly string[], value: string): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(input)) return input.map((item, index) => (String(index) === head ? replaceAt(item, rest, value) : item));
  return Object.fromEntries(
    Object.entries(input as object).map(([key, item]) => [key, key === head ? replaceAt(item, rest, value) : item]),
  );
}

function renameAt(input: Json, path: readonly string[], name: string): Json {
  const [head, ...rest] = path;
  return Object.fromEntries(
    Object.entries(input as object).map(([key, item]) => {
      if (key !== head) return [key, item];
      return rest.length === 0 ? [name, item] : [key, renameAt(item, rest, name)];
    }),
  );
}

/** Paths of every value that an input holds, at whatever depth. */
function pathsOf(input: Json): string[][] {
  if (typeof input !== 'object' || input === null) return [[]];
  return Object.entries(input).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]));
}

/** Each puts a text in the place of one value of the input, or of one key of a nested object. */
export function mutations(input: Record<string, unknown>): Mutation[] {
  const paths = pathsOf(input);
  const keyed = paths.filter((path) => path.length > 1 && path.every((key) => Number.isNaN(Number(key))));
  return [
    ...paths.map(
      (path): Mutation =>
        (value) =>
          replaceAt(input, path, value) as Record<string, unknown>,
    ),
    ...keyed.map(
      (path): Mutation =>
        (value) =>
          renameAt(input, path, value) as Record<string, unknown>,
    ),
  ];
}
