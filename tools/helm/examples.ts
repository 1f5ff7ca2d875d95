import { contentHash } from '../canonical.ts';
import type { SystemSettings } from '../site.ts';
import type { Examples } from '../testing/example.ts';

const input = {
  namespace: 'shop',
  release: 'web',
  chart: { repository: 'https://charts.example/stable', name: 'web', version: '1.2.3' },
  values: { image: { tag: '1.2.3' } },
};
/** As the input is after its defaults. */
const hash = contentHash({ ...input, keepValues: true }).slice(0, 32);

const end = '--kube-context=prod';
const web = { namespace: 'shop', release: 'web' };
const waiting = '--wait=true --timeout=90s';

export const examples: Examples = {
  'helm.get_hooks': { input: { ...web, revision: 3 }, line: `helm get hooks web --namespace=shop --revision=3 ${end}` },
  'helm.get_manifest': { input: { ...web, revision: 3 }, line: `helm get manifest web --namespace=shop --revision=3 ${end}` },
  'helm.get_values': { input: { ...web, all: true }, line: `helm get values web --namespace=shop --all=true --output=json ${end}` },
  'helm.history': { input: web, line: `helm history web --namespace=shop --max=50 --output=json ${end}` },
  'helm.list': { input: { namespace: 'shop' }, line: `helm list --namespace=shop --all=true --max=256 --output=json ${end}` },
  'helm.rollback': {
    input: { ...web, toRevision: 2 },
    line: `helm rollback web 2 --namespace=shop ${waiting} --history-max=20 ${end}`,
  },
  'helm.status': { input: web, line: `helm status web --namespace=shop --output=json ${end}` },
  'helm.test': { input: web, line: `helm test web --namespace=shop --timeout=90s --hide-notes=true ${end}` },
  'helm.uninstall': { input: web, line: `helm uninstall web --namespace=shop --keep-history=true ${waiting} ${end}` },
  'helm.upgrade': {
    input,
    line: `helm upgrade web web --repo=https://charts.example/stable --version=1.2.3 --namespace=shop --values=- --reset-then-reuse-values=true ${waiting} --history-max=20 --description=watchkeeper ${hash} --output=json ${end}`,
  },
};

/** What the sample site has of it. */
export const sample: SystemSettings['helm'] = { driver: 'secret', charts: ['https://charts.example/'] };
