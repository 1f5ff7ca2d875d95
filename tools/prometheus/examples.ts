import type { Examples } from '../testing/example.ts';

const url = 'http://prometheus.example';

export const examples: Examples = {
  'prometheus.alerts': { input: {}, line: 'GET prometheus/api/v1/alerts {}' },
  'prometheus.label_values': {
    input: { label: 'job', match: 'up' },
    line: `promtool query labels --format=json --match=up -- ${url} job`,
  },
  'prometheus.labels': {
    input: { match: 'up', start: '2026-01-02T03:00:00.000Z' },
    line: 'GET prometheus/api/v1/labels {"match[]":"up","start":"2026-01-02T03:00:00.000Z"}',
  },
  'prometheus.query': {
    input: { expr: 'sum(rate(http_requests_total{code=~"5.."}[5m]))', time: '2026-01-02T03:04:05.000Z' },
    line: `promtool query instant --format=json --time=2026-01-02T03:04:05.000Z -- ${url} sum(rate(http_requests_total{code=~"5.."}[5m]))`,
  },
  'prometheus.query_range': {
    input: { expr: 'up', start: '2026-01-02T03:00:00.000Z', end: '2026-01-02T04:00:00.000Z', step: '1m' },
    line: `promtool query range --format=json --start=2026-01-02T03:00:00.000Z --end=2026-01-02T04:00:00.000Z --step=1m -- ${url} up`,
  },
  'prometheus.rules': { input: {}, line: 'GET prometheus/api/v1/rules {}' },
  'prometheus.series': { input: { match: 'up{job="web"}' }, line: `promtool query series --format=json --match=up{job="web"} -- ${url}` },
  'prometheus.targets': { input: {}, line: 'GET prometheus/api/v1/targets {"state":"active"}' },
  'prometheus.tsdb_status': { input: {}, line: 'GET prometheus/api/v1/status/tsdb {}' },
};
