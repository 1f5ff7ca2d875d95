import type { Examples } from '../testing/example.ts';

const url = 'http://prometheus.example';

export const examples: Examples = {
  'prometheus.alerts': { input: {}, line: 'GET prometheus/api/v1/alerts {}' },
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
};
