import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommitId } from './git/grammar.ts';
import { createRegistry } from './registry.ts';
import { examples, sampleSite } from './testing/examples.ts';
import { type Bench, createBench, toolCall } from './testing/runner.ts';

// Published faults of programs like this one, each tried against the runner that is shipped. Helm's are in helm/helm.test.ts, that of
// tokens in bot/api/principal.test.ts, that of unfurled links in bot/slack/poster.test.ts.

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
  await bench.kubectl('true');
});
afterEach(() => bench.close());

const registry = createRegistry();

it.each([
  ['kubernetes.rollout_undo', 'grant_missing'],
  ['kubernetes.exec', 'unknown_operation'],
  ['kubectl_generic', 'bad_contract'],
])('CVE-2026-46519: %s is refused where it would run, whatever the caller was shown', async (operation, code) => {
  expect(await bench.runner.call(toolCall({ operation }))).toMatchObject({ status: 'error', code, observation: null });
  expect(await bench.started()).toEqual([]);
});

it.each(['../../etc/passwd', '/etc/passwd', 'web/../../x', '.git/config', 'web/.GIT/hooks/pre-push', '-C', 'web/-c', 'a\nb'])(
  'CVE-2026-27735: no change of a repository names %j',
  (file) => {
    const input = { edits: [], ...examples['github.change']?.input } as { edits: readonly object[] };
    const accepts = (given: unknown) => registry.get('github.change')?.input.safeParse(given).success;
    expect(accepts(input)).toBe(true);
    expect(accepts({ ...input, edits: input.edits.map((edit) => ({ ...edit, file })) })).toBe(false);
  },
);

it.each(['/srv/repository', '../acme/shop', 'other/shop', 'file:///srv/repository', 'acme/..', '--upload-pack=x'])(
  'CVE-2025-68143: no operation reaches the repository %j',
  (repository) => {
    const operation = registry.get('github.commit_list');
    const read = operation?.input.safeParse({ repository, branch: 'main' });
    expect(() => {
      if (read?.success !== true) throw new Error('refused by its type');
      operation?.command(read.data, sampleSite);
    }).toThrow();
    expect(CommitId.safeParse(`--output=${repository}`).success).toBe(false);
  },
);

it('CVE-2021-25743: what a cluster says moves no cursor and hides no line', async () => {
  await bench.kubectl(String.raw`printf 'before \033[2K\033[1A\033]0;title\007\033[8mhidden\033[0m\rafter\n'`);
  const answer = await bench.runner.call(
    toolCall({ operation: 'kubernetes.describe', input: { kind: 'pod', namespace: 'shop', name: 'web' } }),
  );
  expect(answer).toMatchObject({ status: 'ok' });
  expect(bench.observations.map(({ stdout }) => stdout)).toEqual(['before hidden\nafter\n']);
});

it('HolmesGPT 2382: what is quoted in a template is a command nowhere', async () => {
  const proof = join(bench.folder, 'proof');
  const ways = [`$(touch ${proof})`, `'$(touch ${proof})'`, `pod"; touch ${proof}; "`, `pod\`touch ${proof}\``];
  for (const way of ways) {
    const { call } = bench.runner;
    const kind = await call(toolCall({ operation: 'kubernetes.get', input: { kind: way, namespace: 'shop' } }));
    const since = await call(toolCall({ operation: 'kubernetes.logs', input: { namespace: 'shop', name: 'web', since: way } }));
    expect([kind, since]).toMatchObject([{ code: 'bad_input' }, { code: 'bad_input' }]);
  }
  expect(existsSync(proof)).toBe(false);
});
