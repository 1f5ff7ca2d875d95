import type { AnyOperation } from '../operation.ts';
import { prometheusAlerts } from './alerts.ts';
import { prometheusQuery } from './query.ts';
import { prometheusQueryRange } from './query-range.ts';
import { prometheusRules } from './rules.ts';
import { prometheusSeries } from './series.ts';

export const operations: readonly AnyOperation[] = [
  prometheusAlerts,
  prometheusQuery,
  prometheusQueryRange,
  prometheusRules,
  prometheusSeries,
];
