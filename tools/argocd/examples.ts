import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const web = { application: 'web' };
const revision = '0123456789abcdef0123456789abcdef01234567';
const diff = `argocd app diff web --revision=${revision} --exit-code=false`;

const change = { forge: 'github', repository: 'acme/shop', base: 'main', plan: '11111111-2222-4333-8444-555555555555', step: 's1' };

export const examples: Examples = {
  'argocd.app_delete': { input: { ...web, cascade: false }, line: 'argocd app delete web --cascade=false --yes=true' },
  'argocd.app_diff': { input: { ...web, revision }, line: diff },
  'argocd.app_get': { input: web, line: 'argocd app get web --output=json' },
  'argocd.app_history': { input: web, line: 'argocd app get web --output=json' },
  'argocd.app_list': { input: { project: 'default' }, line: 'argocd app list --project=default --output=json' },
  'argocd.app_logs': {
    input: { ...web, sinceSeconds: 600, container: 'web', previous: true, filter: 'error' },
    line: 'argocd app logs web --tail=200 --since-seconds=600 --container=web --previous=true --filter=error',
  },
  'argocd.app_manifests': { input: { ...web, source: 'live' }, line: 'argocd app manifests web --source=live' },
  'argocd.app_presence': { input: web, line: 'argocd app list --output=json' },
  'argocd.app_resources': { input: web, line: 'argocd app get web --output=json' },
  'argocd.cluster_list': { input: {}, line: 'argocd cluster list --output=json' },
  'argocd.proj_list': { input: {}, line: 'argocd proj list --output=json' },
  'argocd.refresh': { input: { ...web, hard: true }, line: 'argocd app get web --hard-refresh=true --output=json' },
  'argocd.rollback': {
    input: { ...web, toId: 3, revision, change },
    line: 'argocd app rollback web 3 --prune=false --timeout=90 --output=json',
    dryRun: diff,
  },
  'argocd.set_auto_sync': {
    input: { ...web, on: true, prune: true },
    line: 'argocd app set web --sync-policy=automated --auto-prune=true --self-heal=false',
  },
  'argocd.sync': {
    input: { ...web, revision, prune: true },
    line: `argocd app sync web --revision=${revision} --prune=true --timeout=90 --output=json`,
    dryRun: diff,
  },
  'argocd.sync_merged': {
    input: {
      ...{ ...web, namespace: 'shop', name: 'web' },
      change,
    },
    line: 'argocd app sync web --revision=<merged commit> --prune=false --timeout=90 --output=json',
  },
  'argocd.terminate_op': { input: web, line: 'argocd app terminate-op web' },
};

/** What the sample site has of it. */
export const sample: SystemSettings['argocd'] = { server: 'argocd.example:443', transport: 'tls', token: sampleFiles };
