import type { Examples } from '../testing/example.ts';

const start = '2026-01-02T03:00:00.500Z';
const end = '2026-01-02T04:00:00.000Z';
const cli = 'tempo-cli query api';

export const examples: Examples = {
  'tempo.search': {
    input: { query: '{ resource.service.name = "cart" && status = error }', start, end, limit: 5 },
    line: `${cli} search --limit=5 -- tempo.example:80 { resource.service.name = "cart" && status = error } ${start} ${end}`,
  },
  'tempo.tag_values': {
    input: { tag: 'resource.service.name', query: '{ status = error }' },
    line: `${cli} search-tag-values --query={ status = error } -- tempo.example:80 resource.service.name`,
  },
  'tempo.tags': {
    input: { scope: 'resource', start, end },
    line: 'GET tempo/api/v2/search/tags {"scope":"resource","start":"1767322800","end":"1767326400"}',
  },
  'tempo.trace': {
    input: { traceId: '2f3e0cee77ae5dc9c17ade3689eb2e54' },
    line: `${cli} trace-id -- http://tempo.example 2f3e0cee77ae5dc9c17ade3689eb2e54`,
  },
};
