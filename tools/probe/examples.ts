import type { SystemSettings } from '../site.ts';
import type { Examples } from '../testing/example.ts';

export const examples: Examples = {
  'probe.dns': { input: { host: 'www.shop.example', type: 'AAAA' }, line: 'DNS dns:www.shop.example?type=AAAA' },
  'probe.http': {
    input: { url: 'https://www.shop.example/health?deep=1', method: 'GET' },
    line: 'GET https://www.shop.example:443/health?deep=1',
  },
  'probe.tls': { input: { host: 'www.shop.example', port: 8443 }, line: 'TLS tls://www.shop.example:8443' },
};

/** What the sample site has of it. */
export const sample: SystemSettings['probe'] = { hosts: ['*.shop.example'], networks: [] };
