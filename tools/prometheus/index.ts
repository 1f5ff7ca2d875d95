import { accessFiles, accessHeaders } from '../access.ts';
import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { prometheusAlerts } from './alerts.ts';
import { prometheusLabels, prometheusLabelValues } from './labels.ts';
import { program } from './program.ts';
import { prometheusQuery } from './query.ts';
import { prometheusQueryRange } from './query-range.ts';
import { prometheusRules } from './rules.ts';
import { prometheusSeries } from './series.ts';
import { prometheusTargets } from './targets.ts';
import { prometheusTsdbStatus } from './tsdb-status.ts';

const operations: readonly AnyOperation[] = [
  prometheusAlerts,
  prometheusLabels,
  prometheusLabelValues,
  prometheusQuery,
  prometheusQueryRange,
  prometheusRules,
  prometheusSeries,
  prometheusTargets,
  prometheusTsdbStatus,
];

export const system = defineSystem({
  name: 'prometheus',
  title: 'Prometheus',
  operations,
  programs: [program],
  api: ({ url, ca, ...access }) => ({
    url,
    ca,
    headers: (credentials) => accessHeaders(access, credentials, 'prometheus'),
  }),
  secrets: (settings) => ({ tokens: accessFiles(settings) }),
});
