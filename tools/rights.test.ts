import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExecute } from './execute.ts';
import { createGrowingRedactor } from './redaction/index.ts';
import { AccountRights } from './report.ts';
import { askRights } from './rights.ts';
import { createRun } from './run.ts';
import type { Site } from './site.ts';

let folder = '';
let site: Site;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rights-test-'));
  const file = (name: string) => join(folder, name);
  site = {
    name: 'production',
    environment: 'production',
    kubernetes: { context: 'prod', kubeconfig: { read: file('read.yaml'), write: file('write.yaml') } },
    argocd: { server: 'argocd.example:443', transport: 'tls', token: { read: file('token'), write: file('absent') } },
    probe: { hosts: [], networks: [] },
    binaries: { kubectl: file('kubectl'), argocd: file('argocd') },
  };
  await writeFile(file('read.yaml'), 'users: [{name: reader, user: {token: made-up-token-1}}]');
  await writeFile(file('write.yaml'), 'users: [{name: writer, user: {token: made-up-token-2}}]');
  await writeFile(file('token'), 'made-up-token-3');
});
afterEach(() => rm(folder, { recursive: true }));

const program = (name: string, script: string) => writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

async function asked(): Promise<readonly AccountRights[]> {
  const redactor = createGrowingRedactor([], new Uint8Array(32));
  const run = createRun({ log: pino({ level: 'silent' }) });
  const all = await askRights({ site, redactor, execute: createExecute({ site, run, redactor, now: () => new Date() }) });
  return all.map((one) => AccountRights.parse(one));
}

// As kubectl 1.34 prints it.
const list = `selfsubjectreviews.authentication.k8s.io        []                       []             [create]
pods                                            []                       []             [get list watch]
configmaps                                      []                       [settings]     [get]
                                                [/healthz]               []             [get]
`;

it('says what both accounts may do, in the words of the system; what is not answered is told with its reason and nothing secret', async () => {
  await program(
    'kubectl',
    `case $KUBECONFIG in *read.yaml) cat <<'END'\n${list}END\n;; *) echo "error: You must be logged in (Unauthorized) made-up-token-2" >&2; exit 1;; esac`,
  );
  await program('argocd', '[ "$1 $2 $3" = "account can-i get" ] && echo yes || echo no');
  expect(await asked()).toEqual([
    {
      ...{ system: 'kubernetes', account: 'read', omitted: 0, problem: null },
      rights: ['create selfsubjectreviews.authentication.k8s.io', 'get, list, watch pods', 'get configmaps named settings'],
    },
    {
      ...{ system: 'kubernetes', account: 'write', omitted: 0, rights: [] },
      problem: { code: 'forbidden', message: expect.stringMatching(/Unauthorized\) \[redacted:/) },
    },
    {
      ...{ system: 'argocd', account: 'read', omitted: 0, problem: null },
      rights: ['get applications', 'get logs', 'get projects', 'get clusters'],
    },
    {
      ...{ system: 'argocd', account: 'write', omitted: 0, rights: [] },
      problem: { code: 'context_unknown', message: 'argocd.token.write of the site cannot be read, or is empty' },
    },
  ]);
});

it('keeps a bounded part of many rights, and counts the rest', async () => {
  await program('kubectl', 'i=0; while [ $i -lt 100 ]; do echo "thing$i  []  []  [get]"; i=$((i+1)); done');
  await program('argocd', 'echo no');
  const [first] = await asked();
  expect([first?.rights.length, first?.omitted]).toEqual([40, 60]);
});
