import { z } from 'zod';
import { read } from '../operation.ts';
import { Alerts, alertsOf } from '../prometheus/alerts.ts';
import { Rules, rulesOf } from '../prometheus/rules.ts';
import { Targets, targetsOf } from '../prometheus/targets.ts';
import { Ask, Completeness, completenessOf, thanosApi, thanosTimeoutMs } from './ask.ts';

export const thanosAlerts = read({
  name: 'thanos.alerts',
  summary: 'Alerts that are pending or firing in any ruler or Prometheus behind Thanos',
  input: z.strictObject(Ask),
  output: Alerts.extend(Completeness),
  command: (ask) => thanosApi('alerts', ask),
  parse: ({ stdout }) => ({ ...alertsOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/alerts'],
});

export const thanosRules = read({
  name: 'thanos.rules',
  summary: 'Rules of every ruler and Prometheus behind Thanos, with their state and health',
  input: z.strictObject(Ask),
  output: Rules.extend(Completeness),
  command: (ask) => thanosApi('rules', ask),
  parse: ({ stdout }) => ({ ...rulesOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/rules'],
});

export const thanosTargets = read({
  name: 'thanos.targets',
  summary: 'What every Prometheus behind Thanos scrapes, and which of it cannot be',
  input: z.strictObject(Ask),
  output: Targets.extend(Completeness),
  command: (ask) => thanosApi('targets', ask, { state: 'active' }),
  parse: ({ stdout }) => ({ ...targetsOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/targets'],
});
