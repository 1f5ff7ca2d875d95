import type { Examples } from '../testing/example.ts';

const at = '2026-01-02T03:00:00.000Z';
const to = '2026-01-02T04:00:00.000Z';
const id = '46a59ca3-acdf-4f6c-8633-e35a19b1d49e';
const silences = 'grafana/api/alertmanager/grafana/api/v2/silence';
const found = '{"from":"1767322800000","to":"1767322800000","dashboardUID":"shop","tags":"watchkeeper","type":"annotation","limit":"100"}';

export const examples: Examples = {
  'grafana.alert_rule': { input: { uid: 'rule-1' }, line: 'GET grafana/api/v1/provisioning/alert-rules/rule-1 {}' },
  'grafana.alert_rules': { input: {}, line: 'GET grafana/api/prometheus/grafana/api/v1/rules {}' },
  'grafana.annotate': {
    input: { at, text: 'INC-1 began', dashboard: 'shop', panel: 4, tags: ['incident'] },
    line: 'POST grafana/api/annotations {}',
  },
  'grafana.annotation_delete': {
    input: { at, text: 'INC-1 began', dashboard: 'shop' },
    line: 'DELETE grafana/api/annotations/ID-OF-THE-ANNOTATION {}',
  },
  'grafana.annotation_state': { input: { at, text: 'INC-1 began', dashboard: 'shop' }, line: `GET grafana/api/annotations ${found}` },
  'grafana.annotations': {
    input: { from: at, to, dashboard: 'shop', tag: 'deploy' },
    line: 'GET grafana/api/annotations {"from":"1767322800000","to":"1767326400000","dashboardUID":"shop","tags":"deploy","limit":"100"}',
  },
  'grafana.dashboard': { input: { uid: 'shop' }, line: 'GET grafana/api/dashboards/uid/shop {}' },
  'grafana.datasource_health': { input: { uid: 'prometheus' }, line: 'GET grafana/api/datasources/uid/prometheus/health {}' },
  'grafana.datasources': { input: {}, line: 'GET grafana/api/datasources {}' },
  'grafana.panel_image': {
    input: { dashboard: 'shop', panel: 4, from: at, to },
    line: 'GET grafana/render/d-solo/shop {"panelId":"4","from":"1767322800000","to":"1767326400000","width":"800","height":"400","scale":"1","theme":"light","tz":"UTC","timeout":"60"}',
  },
  'grafana.search': { input: { query: 'shop' }, line: 'GET grafana/api/search {"type":"dash-db","query":"shop","limit":"100"}' },
  'grafana.set_rule_paused': { input: { uid: 'rule-1', paused: true }, line: 'PUT grafana/api/v1/provisioning/alert-rules/rule-1 {}' },
  'grafana.silence_add': {
    input: { matchers: [{ name: 'alertname', op: '=', value: 'HighErrors' }], comment: 'INC-1: known', until: to },
    line: `POST ${silences}s {}`,
  },
  'grafana.silence_expire': { input: { id }, line: `DELETE ${silences}/${id} {}` },
  'grafana.silence_state': { input: { id }, line: `GET ${silences}s {}` },
  'grafana.silences': { input: {}, line: `GET ${silences}s {}` },
};
