import { bearer } from '../credentials.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { ruleState, setRulePaused } from './alert-rule.ts';
import { grafanaAlertRules } from './alert-rules.ts';
import { annotate, annotationDelete, annotationState, grafanaAnnotations } from './annotations.ts';
import { grafanaDashboard } from './dashboard.ts';
import { grafanaDatasourceHealth, grafanaDatasources } from './datasources.ts';
import { grafanaPanelImage } from './panel-image.ts';
import { rights, roleFile } from './rights.ts';
import { grafanaSearch } from './search.ts';
import { grafanaSilenceAdd, grafanaSilenceExpire, grafanaSilenceState, grafanaSilences } from './silences.ts';

const operations: readonly AnyOperation[] = [
  annotate,
  annotationDelete,
  annotationState,
  grafanaAlertRules,
  grafanaAnnotations,
  grafanaDashboard,
  grafanaDatasourceHealth,
  grafanaDatasources,
  grafanaPanelImage,
  grafanaSearch,
  grafanaSilenceAdd,
  grafanaSilenceExpire,
  grafanaSilenceState,
  grafanaSilences,
  ruleState,
  setRulePaused,
];

export const system = defineSystem({
  name: 'grafana',
  title: 'Grafana',
  operations,
  rights,
  role: { title: 'Grafana RBAC', text: roleFile },
  programs: [],
  api: ({ url, organization, token, ca }) => ({
    url,
    ca,
    headers: async (credentials) => ({
      ...(organization === undefined ? {} : { 'X-Grafana-Org-Id': String(organization) }),
      ...(await bearer(token, credentials, 'grafana.token')),
    }),
  }),
  secrets: ({ token }) => ({ tokens: [token] }),
});
