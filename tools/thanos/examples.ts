import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const asked = '"dedup":"true","partial_response":"true"';
const bucket = 'thanos tools bucket';
const id = '01JGZX0000000000000000BLCK'.replace('L', 'M');
const flags = (use: 'read' | 'write') => `--log.level=warn --objstore.config-file=/credentials/${use}`;

export const examples: Examples = {
  'thanos.alerts': { input: {}, line: `GET thanos/api/v1/alerts {${asked}}` },
  'thanos.block_mark': {
    input: { id, details: 'INC-1: index does not read' },
    line: `${bucket} mark ${flags('write')} --marker=deletion-mark.json --id=${id} --details=INC-1: index does not read`,
  },
  'thanos.block_state': { input: { id }, line: `${bucket} ls ${flags('read')} --output=json --exclude-delete` },
  'thanos.block_unmark': {
    input: { id },
    line: `${bucket} mark ${flags('write')} --marker=deletion-mark.json --id=${id} --remove`,
  },
  'thanos.blocks': { input: { from: '2026-01-02T03:00:00.000Z' }, line: `${bucket} ls ${flags('read')} --output=json` },
  'thanos.label_values': { input: { label: 'job', match: 'up' }, line: `GET thanos/api/v1/label/job/values {"match[]":"up",${asked}}` },
  'thanos.labels': { input: {}, line: `GET thanos/api/v1/labels {${asked}}` },
  'thanos.query': {
    input: { expr: 'sum(up)', dedup: false, maxSourceResolution: '5m' },
    line: 'GET thanos/api/v1/query {"query":"sum(up)","max_source_resolution":"5m","dedup":"false","partial_response":"true"}',
  },
  'thanos.query_range': {
    input: { expr: 'up', start: '2026-01-02T03:00:00.000Z', end: '2026-01-02T04:00:00.000Z', step: '1m', partialResponse: false },
    line: 'GET thanos/api/v1/query_range {"query":"up","start":"2026-01-02T03:00:00.000Z","end":"2026-01-02T04:00:00.000Z","step":"1m","max_source_resolution":"0s","dedup":"true","partial_response":"false"}',
  },
  'thanos.rules': { input: {}, line: `GET thanos/api/v1/rules {${asked}}` },
  'thanos.series': { input: { match: 'up' }, line: `GET thanos/api/v1/series {"match[]":"up",${asked}}` },
  'thanos.stores': { input: {}, line: 'GET thanos/api/v1/stores {}' },
  'thanos.targets': { input: {}, line: `GET thanos/api/v1/targets {"state":"active",${asked}}` },
};

/** What the sample site has of it. */
export const sample: SystemSettings['thanos'] = { url: 'http://thanos.example', bucket: sampleFiles };
