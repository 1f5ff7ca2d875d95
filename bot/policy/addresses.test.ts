import { describe, expect, test } from 'vitest';
import { addressRule } from './addresses.ts';
import { bundleProblem, shownUrl } from './bundle-url.ts';

const rule = (url: string, ...networks: string[]) => addressRule(new URL(url), networks);

describe('an address may be asked', () => {
  test.each([
    ['that is public', rule('https://bundles.example/'), '93.184.216.34'],
    ['that is public, IPv6', rule('https://bundles.example/'), '2606:2800:220:1::1'],
    ['that the URL names', rule('https://10.1.2.3/'), '10.1.2.3'],
    ['that the URL names, IPv6', rule('https://[fd00::5]/'), 'fd00::5'],
    ['that the URL names in another form', rule('https://0x0a.1.2.3/'), '10.1.2.3'],
    ['of this machine, as localhost', rule('http://localhost:8181/'), '127.0.0.1'],
    ['of this machine, as localhost, IPv6', rule('http://localhost:8181/'), '::1'],
    ['in a network that is listed', rule('https://bundles.example/', '10.20.0.0/16'), '10.20.3.4'],
    ['in a network that is listed, IPv6', rule('https://bundles.example/', 'fd12::/16'), 'fd12::9'],
  ])('%s', (_, ask, address) => {
    expect(ask(address)).toBeNull();
  });
});

describe('an address may not be asked', () => {
  test.each([
    '10.0.0.1',
    '127.0.0.1',
    '100.64.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '198.19.0.1',
    '::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
  ])('that a public name leads to and that is not public: %s', (address) => {
    expect(rule('https://bundles.example/')(address)).toBe(
      `bundles.example leads to ${address}, which is not public: name the address itself, or list its network under policy.networks`,
    );
  });

  test.each([
    '169.254.169.254',
    '0.0.0.0',
    '::',
    'fe80::1',
    'ff02::1',
    '224.0.0.1',
    '255.255.255.255',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
  ])('where machines find their credentials, or that is no single machine, whoever names it: %s', (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    expect(rule(`https://${host}/`, '0.0.0.0/0', '::/0')(address)).toMatch(/is no address that may be asked$/);
  });

  test('outside the network that is listed', () => {
    expect(rule('https://bundles.example/', '10.20.0.0/16')('10.21.0.1')).toContain('is not public');
  });

  test('because the URL names another private one', () => {
    expect(rule('https://10.0.0.1/')('10.0.0.2')).toContain('is not public');
  });
});

test.each([
  ['policy', null],
  ['./bundles/policy', null],
  ['/etc/watchkeeper/policy', null],
  ['https://bundles.example/policy.tar.gz?v=1', null],
  ['https://10.0.0.1:8443/policy.tar.gz', null],
  ['http://127.0.0.1:8181/policy.tar.gz', null],
  ['http://[::1]:8181/policy.tar.gz', null],
  ['http://localhost/policy.tar.gz', null],
  ['http://bundles.example/policy.tar.gz', 'must start with https://'],
  ['http://127.0.0.1.bundles.example/policy.tar.gz', 'must start with https://'],
  ['http://10.0.0.1/policy.tar.gz', 'must start with https://'],
  ['ftp://bundles.example/policy.tar.gz', 'must be a directory, or a URL that starts with https://'],
  ['file:///etc/policy', 'must be a directory, or a URL that starts with https://'],
  ['https://', 'is not a URL'],
  ['https://bob:made-up@bundles.example/', 'must hold no user or password: set POLICY_BUNDLE_TOKEN'],
])('policy.bundle: %s → %s', (bundle, problem) => {
  if (problem === null) expect(bundleProblem(bundle)).toBeNull();
  else expect(bundleProblem(bundle)).toContain(problem);
});

test('a URL is shown without what could be secret', () => {
  expect(shownUrl(new URL('https://bundles.example:8443/a/policy.tar.gz?sig=made-up#x'))).toBe(
    'https://bundles.example:8443/a/policy.tar.gz',
  );
});
