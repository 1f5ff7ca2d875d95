import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { prometheusAlerts } from './alerts.ts';
import { program } from './program.ts';
import { prometheusQuery } from './query.ts';
import { prometheusQueryRange } from './query-range.ts';
import { prometheusRules } from './rules.ts';
import { prometheusSeries } from './series.ts';

const operations: readonly AnyOperation[] = [prometheusAlerts, prometheusQuery, prometheusQueryRange, prometheusRules, prometheusSeries];

export const system = defineSystem({
  name: 'prometheus',
  title: 'Prometheus',
  operations,
  programs: [program],
  api: ({ url }) => ({ url }),
});
