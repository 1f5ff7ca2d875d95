import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../tools/registry.ts';
import type { Probe } from '../contracts/activities.ts';
import { toldCloud } from '../diagnosis/cloud.ts';
import type { Kept } from '../diagnosis/observed.ts';
import type { Estate } from '../ports.ts';
import type { Deps } from './deps.ts';
import { type Answers, investigated, minutesAgo, now } from './investigating-testing.ts';

const service = {
  ...{ name: 'web', site: 'shop', namespace: 'shop', owners: [], errorRateQuery: null, errorRateLimit: 0.05 },
  ...{ verifyWithinSeconds: 60, channel: null },
} as const satisfies Estate['services'][number];

const estateWith = (systems: readonly string[], over: Partial<Estate['services'][number]> = {}): Estate => ({
  sites: [{ name: 'shop', environment: 'production', systems: ['kubernetes', ...systems] }],
  services: [{ ...service, ...over }],
  people: [],
});

const labels = { app: 'web', 'app.kubernetes.io/instance': 'frontend' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'registry.test/web:2' }] } };
const meta = (name: string, more: object = {}) => ({ name, namespace: 'shop', uid: name, creationTimestamp: minutesAgo(600), ...more });
const owner = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, uid: name, controller: true }] });
const web = {
  ...{ kind: 'Deployment', metadata: meta('web', { labels, annotations: { 'deployment.kubernetes.io/revision': '1' } }) },
  ...{ spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template }, status: { replicas: 1 } },
};
const replicaSet = {
  ...{ kind: 'ReplicaSet', spec: { template } },
  metadata: meta('web-5d9c', { ...owner('Deployment', 'web'), annotations: { 'deployment.kubernetes.io/revision': '1' } }),
};
const crashed = { terminated: { exitCode: 1, reason: 'Error' } };
const pod = {
  ...{
    kind: 'Pod',
    metadata: meta('web-5d9c-x', { ...owner('ReplicaSet', 'web-5d9c'), labels: { ...labels, 'pod-template-hash': '5d9c' } }),
  },
  spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'registry.test/web:2' }] },
  status: {
    ...{ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
    containerStatuses: [{ name: 'app', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: crashed }],
  },
};
const backOff = {
  ...{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container', count: 9 },
  ...{ involvedObject: { kind: 'Pod', name: 'web-5d9c-x' }, firstTimestamp: minutesAgo(10), lastTimestamp: minutesAgo(1) },
};

/** A shop whose `web` crashes since ten minutes; what other systems print is laid over it. */
const crashing =
  (others: Readonly<Record<string, unknown>>): Answers =>
  ({ operation, input }: Probe) => {
    if (operation === 'kubernetes.workloads') return { items: [web, replicaSet, pod] };
    if (operation === 'kubernetes.rollout_state') return { items: [web, replicaSet] };
    if (operation === 'kubernetes.events') return { items: [backOff] };
    if (operation === 'kubernetes.logs') return 'fatal: no configuration\n';
    if (operation === 'kubernetes.get') return { kind: 'List', items: input['kind'] === 'deployment' ? [web] : [] };
    return others[operation];
  };

const release = (revision: number, updated: string) => ({
  ...{ name: 'frontend', namespace: 'shop', revision: `${revision}`, updated, status: 'deployed', chart: 'web-1', app_version: '1' },
});
const revision = (number: number, updated: string) => ({
  revision: number,
  updated,
  status: 'superseded',
  chart: 'web-1',
  app_version: '1',
});

describe('what Helm delivered', () => {
  const helm = (...updated: readonly number[]) =>
    crashing({
      'helm.list': [release(updated.length, minutesAgo(updated.at(-1) ?? 0))],
      'helm.history': updated.map((minutes, index) => revision(index + 1, minutesAgo(minutes))),
    });

  test('is named by the finding, by the label of the workload, and listed with its observation', async () => {
    const { findings, rounds } = await investigated(estateWith(['helm']), helm(3_000, 13));
    expect(findings[0]?.mechanism).toContain(
      'Before it: Helm delivered revision 2 of frontend (3 minutes before the first symptom, of itself).',
    );
    expect(findings[0]?.changes).toMatchObject([{ subject: 'release frontend', at: minutesAgo(13), url: null }]);
    expect(findings[0]?.edges.map(({ observation }) => observation)).toContain(findings[0]?.changes?.[0]?.observation);
    expect(rounds[0]).toContain('Releases in shop');
    expect(rounds[1]).toContain('Revisions of the release frontend in shop');
  });

  test('after the first symptom is what somebody tried: the history names the one before', async () => {
    const { findings } = await investigated(estateWith(['helm']), helm(3_000, 12, 5));
    expect(findings[0]?.mechanism).toContain('Before it: Helm delivered revision 2 of frontend');
    expect(findings[0]?.changes).toHaveLength(1);
  });

  test('days ago is not named, and no history of it is read', async () => {
    const { findings, rounds } = await investigated(estateWith(['helm']), helm(3_000));
    expect(findings[0]?.mechanism).not.toContain('Before it');
    expect(findings[0]?.changes).toBeUndefined();
    expect(rounds.flat()).not.toContain('Revisions of the release frontend in shop');
  });

  test('cannot be read: a gap beside the finding', async () => {
    const { findings, gaps } = await investigated(estateWith(['helm']), crashing({}));
    expect(findings).toHaveLength(1);
    expect(gaps).toEqual(['Releases in shop: it failed']);
  });
});

test('what Argo CD deployed is named likewise', async () => {
  const history = [
    { id: 1, revision: 'a'.repeat(40), deployedAt: minutesAgo(4_000) },
    { id: 2, revision: 'b'.repeat(40), deployedAt: minutesAgo(11) },
    { id: 3, revision: 'a'.repeat(40), deployedAt: minutesAgo(2) },
  ];
  const application = {
    metadata: { name: 'frontend', uid: 'u' },
    spec: { project: 'default', destination: { namespace: 'shop' } },
    status: { sync: { status: 'Synced', revision: 'a'.repeat(40) }, health: { status: 'Degraded' }, history },
  };
  const argo = crashing({ 'argocd.app_list': [application], 'argocd.app_history': application });
  const { findings } = await investigated(estateWith(['argocd']), argo);
  expect(findings[0]?.mechanism).toContain(
    'Before it: Argo CD delivered bbbbbbbbbbbb of frontend (1 minutes before the first symptom, of itself).',
  );
});

test('a site without such systems is asked for nothing of them', async () => {
  const { rounds } = await investigated(estateWith([]), crashing({}));
  expect(rounds.flat().filter((title) => /release|application|merge|cloud|PagerDuty/i.test(title))).toEqual([]);
});

describe('what was merged', () => {
  const pull = (number: number, minutes: number, title = 'Use the new pool') => ({
    ...{ number, title, state: 'MERGED', author: { login: 'ann' }, headRefName: 'pool', baseRefName: 'main', isDraft: false },
    ...{ createdAt: minutesAgo(900), mergedAt: minutesAgo(minutes), url: `https://github.test/acme/shop/pull/${number}` },
  });
  const commit = (sha: string, minutes: number, message: string) => ({
    ...{ sha, html_url: `https://github.test/acme/shop/commit/${sha}` },
    commit: { message, author: { name: 'ann', date: minutesAgo(minutes) }, committer: { date: minutesAgo(minutes) } },
  });
  const gitops = { forge: 'github', repository: 'acme/shop', branch: 'main', merge: 'people', withinMinutes: 60 } as const;

  test('into the repository of the service is named with its link; its commit is not told twice', async () => {
    const answers = crashing({
      'github.pr_list': [pull(7, 16), pull(6, 1_000)],
      'github.commit_list': [commit('c0ffee', 16, 'Use the new pool (#7)'), commit('beef', 30, 'Turn the flag on')],
    });
    const { findings, rounds } = await investigated(estateWith(['github'], { gitops }), answers);
    expect(findings[0]?.mechanism).toContain('Before it: #7 “Use the new pool” was merged into main of acme/shop (6 minutes before');
    expect(findings[0]?.changes?.map(({ words, url }) => [words.slice(0, 22), url])).toEqual([
      ['#7 “Use the new pool” ', 'https://github.test/acme/shop/pull/7'],
      ['beef “Turn the flag on', 'https://github.test/acme/shop/commit/beef'],
    ]);
    expect(rounds[0]).not.toContain('Commits of acme/shop');
  });

  test('into a project on GitLab is asked there, and nowhere where the site has no GitLab', async () => {
    const request = {
      ...{
        id: 70,
        source_project_id: 1,
        target_project_id: 1,
        iid: 7,
        title: 'Use the new pool',
        state: 'merged',
        author: { username: 'ann' },
        draft: false,
        source_branch: 'pool',
      },
      ...{
        target_branch: 'main',
        created_at: minutesAgo(900),
        merged_at: minutesAgo(16),
        web_url: 'https://gitlab.test/acme/shop/-/merge_requests/7',
      },
    };
    const answers = crashing({ 'gitlab.mr_list': [request], 'gitlab.commit_list': [] });
    const own = { gitops: { ...gitops, forge: 'gitlab' } } as const;
    const { findings } = await investigated(estateWith(['github', 'gitlab'], own), answers);
    expect(findings[0]?.mechanism).toContain('Before it: !7 “Use the new pool” was merged into main of acme/shop (6 minutes before');
    const { rounds } = await investigated(estateWith(['github'], own), answers);
    expect(rounds.flat().filter((title) => title.endsWith('of acme/shop'))).toEqual([]);
  });

  test('into the only repository of the site counts as well; where there are several, none is guessed', async () => {
    const answers = crashing({ 'github.pr_list': [pull(7, 16)], 'github.commit_list': [] });
    const [site] = estateWith(['github']).sites;
    if (site === undefined) throw new Error('no site');
    const only = { ...estateWith(['github']), sites: [{ ...site, repository: 'acme/shop' }] };
    expect((await investigated(only, answers)).findings[0]?.changes).toHaveLength(1);
    expect((await investigated(estateWith(['github']), answers)).rounds.flat()).not.toContain('Merged pull requests of acme/shop');
  });
});

describe('what happened in the cloud', () => {
  const call = (minutes: number, event: string, name: string, more: object = {}) => ({
    ...{
      EventId: `${event}${minutes}`,
      EventName: event,
      EventTime: minutesAgo(minutes),
      EventSource: 'rds.amazonaws.com',
      Username: 'ann',
    },
    ...{ ReadOnly: 'false', Resources: [{ ResourceType: 'AWS::RDS::DBInstance', ResourceName: name }], ...more },
  });
  const refused = { CloudTrailEvent: JSON.stringify({ errorCode: 'AccessDenied' }) };
  const slow = (others: Readonly<Record<string, unknown>>): Answers => {
    const usual = crashing(others);
    return (probe) => {
      if (probe.operation === 'kubernetes.workloads') return { items: [] };
      if (probe.operation === 'kubernetes.events') return { items: [] };
      if (probe.operation === 'kubernetes.rollout_state') return undefined;
      if (probe.operation !== 'prometheus.query') return usual(probe);
      const result = probe.title === 'Error rate of web' ? [{ metric: {}, value: [0, '0.4'] }] : [];
      return { status: 'success', data: { resultType: 'vector', result } };
    };
  };
  const calls = [call(10, 'RebootDBInstance', 'orders'), call(9, 'DeleteDBInstance', 'orders', refused)];

  test('is read where nothing in the cluster explains it for sure, weighs little, and names no cause by its time alone', async () => {
    const answers = slow({
      'aws.cloudtrail_events': { Events: calls },
      'aws.health_events': { events: [] },
      'prometheus.alerts': { status: 'success', data: { alerts: [] } },
    });
    const { findings, rounds } = await investigated(estateWith(['prometheus', 'aws'], { errorRateQuery: 'errors' }), answers);
    expect(rounds[1]).toContain('Calls that changed the cloud account');
    expect(findings[0]).toMatchObject({ cause: 'high_error_rate' });
    expect(findings[0]?.mechanism).not.toContain('Before it');
  });

  test('is not read where the cause is sure', async () => {
    const { rounds } = await investigated(estateWith(['aws']), crashing({}));
    expect(rounds.flat()).not.toContain('Calls that changed the cloud account');
  });

  test('of calls only those that changed something are changes', () => {
    const output = createRegistry()
      .get('aws.cloudtrail_events')
      ?.parse({ stdout: JSON.stringify({ Events: calls }), stderr: '', exitCode: 0 }, {});
    const body = { operation: 'aws.cloudtrail_events', output, site: 'shop', input: {} } as unknown as Kept['body'];
    expect(toldCloud([{ id: 'c'.repeat(64), body }], now)).toMatchObject([
      { entity: { name: 'orders' }, words: 'RebootDBInstance (rds) by ann on orders', age: 600 },
    ]);
  });
});

test('what was announced to PagerDuty for the service is named with who announced it, and none of its links', async () => {
  const events = (services: readonly string[]) => ({
    changes: [
      {
        ...{ id: 'C1', summary: 'Deploy 42 of web', at: minutesAgo(12), source: 'pipeline', services },
        links: [
          { href: 'javascript:alert(1)', text: null },
          { href: 'https://ci.test/42', text: 'Build' },
        ],
      },
    ],
    more: false,
  });
  const estate = estateWith([], { pagerduty: 'PWEB' });
  const own = await investigated(estate, crashing({ 'pagerduty.change_events': events(['PWEB']) }));
  expect(own.findings[0]?.mechanism).toContain('Before it: “Deploy 42 of web” was announced to PagerDuty by pipeline (2 minutes before');
  expect(own.findings[0]?.changes).toMatchObject([{ url: null, subject: 'change event pipeline' }]);
  const other = await investigated(estate, crashing({ 'pagerduty.change_events': events(['POTHER']) }));
  expect(other.findings[0]?.changes).toBeUndefined();
  const away = await investigated(estate, crashing({}));
  expect(away.gaps).toEqual(['Change events of web in PagerDuty: it failed']);
  expect(away.findings).toHaveLength(1);
});

test('a rule of the configuration keeps change events unread, and says so', async () => {
  const rules = [{ mode: 'deny', operation: 'pagerduty.change_events', service: 'web' }];
  const autonomy = { rules, freezes: [], windows: [], timezone: 'UTC' } as unknown as Deps['autonomy'];
  const { gaps } = await investigated(estateWith([], { pagerduty: 'PWEB' }), crashing({}), { autonomy });
  expect(gaps[0]).toMatch(/^Change events of web in PagerDuty: .*denies pagerduty.change_events/);
});

test('every read of changes is a registered read with input that it accepts', async () => {
  const registry = createRegistry();
  const asked: Probe[] = [];
  const answers = crashing({ 'helm.list': [release(2, minutesAgo(12))], 'argocd.app_list': null });
  const gitops = { forge: 'github', repository: 'acme/shop', branch: 'main', merge: 'people', withinMinutes: 60 } as const;
  await investigated(estateWith(['helm', 'argocd', 'github', 'aws'], { gitops }), (probe) => {
    asked.push(probe);
    return answers(probe);
  });
  expect(asked.length).toBeGreaterThan(8);
  for (const { operation, input } of asked) {
    expect(registry.get(operation)?.kind).toBe('read');
    expect(registry.get(operation)?.input.safeParse(input).error).toBeUndefined();
  }
});
