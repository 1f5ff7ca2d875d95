import { examples as alertmanager } from '../alertmanager/examples.ts';
import { examples as argocd } from '../argocd/examples.ts';
import { examples as aws } from '../aws/examples.ts';
import { examples as boundary } from '../boundary/examples.ts';
import { examples as github } from '../github/examples.ts';
import { examples as gitlab } from '../gitlab/examples.ts';
import { examples as grafana } from '../grafana/examples.ts';
import { examples as helm } from '../helm/examples.ts';
import { examples as kubernetes } from '../kubernetes/examples.ts';
import type { SiteFacts } from '../operation.ts';
import { examples as probe } from '../probe/examples.ts';
import { examples as prometheus } from '../prometheus/examples.ts';
import { examples as tempo } from '../tempo/examples.ts';
import { examples as thanos } from '../thanos/examples.ts';
import { examples as vault } from '../vault/examples.ts';
import type { Examples } from './example.ts';

/** One for each operation; a test fails when an operation has none here. */
export const examples: Examples = {
  ...alertmanager,
  ...argocd,
  ...aws,
  ...github,
  ...gitlab,
  ...grafana,
  ...helm,
  ...kubernetes,
  ...probe,
  ...prometheus,
  ...tempo,
  ...thanos,
  ...vault,
  ...boundary,
};

const files = { read: '/credentials/read', write: '/credentials/write' };

/** A site that has everything. */
export const sampleSite: SiteFacts = {
  name: 'production',
  kubernetes: { context: 'prod', kubeconfig: files },
  helm: { driver: 'secret', charts: ['https://charts.example/'] },
  argocd: { server: 'argocd.example:443', transport: 'tls', token: files },
  aws: {
    account: '123456789012',
    regions: ['eu-central-1', 'eu-west-1'],
    credentials: { from: 'files', ...files },
    automations: ['AWS-RestartEC2Instance'],
  },
  github: {
    host: 'github.com',
    repositories: ['acme/*'],
    token: files,
    author: { name: 'Watchkeeper', email: 'watchkeeper@acme.example' },
    mergeReverts: true,
  },
  gitlab: {
    url: 'https://gitlab.example',
    projects: ['acme/**'],
    token: files,
    author: { name: 'Watchkeeper', email: 'watchkeeper@acme.example' },
    mergeReverts: true,
  },
  thanos: { url: 'http://thanos.example', bucket: files },
  boundary: { address: 'https://boundary.example', token: files, breakGlass: ['r_1234567890'] },
  vault: { address: 'https://vault.example', token: files },
  probe: { hosts: ['*.shop.example'], networks: [] },
  url: (system) => `http://${system}.example`,
  has: () => true,
};
