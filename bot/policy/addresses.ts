import dns, { type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { hostOf, isLoopback } from './bundle-url.ts';
import { BundleRefused } from './refused.ts';

type Range = readonly [address: string, bits: number];

/** Where machines find their own credentials, and what is no single machine: never asked, whoever names it. */
const never: readonly Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fd00:ec2::254', 128],
  ['fe80::', 10],
  ['ff00::', 8],
];

/** https://www.iana.org/assignments/iana-ipv4-special-registry, and for IPv6: not reachable by everybody. */
const special: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
];

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function blockList(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, familyOf(address));
  return list;
}

function rangeOf(network: string): Range {
  const [address = '', bits = ''] = network.split('/');
  return [address, Number(bits)];
}

/** Says why an address may not be asked; null: it may. */
export type AddressRule = (address: string) => string | null;

/**
 * An address may be asked that is public, that the URL itself names, or that lies in one of the `networks` (CIDR) of the
 * configuration. An address of the range `never` may not.
 */
export function addressRule(url: URL, networks: readonly string[]): AddressRule {
  const [forbidden, inside, allowed] = [never, special, networks.map(rangeOf)].map(blockList) as [BlockList, BlockList, BlockList];
  const host = hostOf(url);
  return (address) => {
    const family = familyOf(address);
    if (forbidden.check(address, family)) return `${address} is no address that may be asked`;
    const named = host === address || (isLoopback(host) && isLoopback(address));
    if (named || !inside.check(address, family) || allowed.check(address, family)) return null;
    return `${host} leads to ${address}, which is not public: name the address itself, or list its network under policy.networks`;
  };
}

/** All addresses of a name. */
export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

export const resolveAll: Resolve = (host, done) => dns.lookup(host, { all: true }, done);

/** What a socket asks before it connects: it gets the very addresses that were judged, so that a name cannot answer twice. */
export function guardedLookup(rule: AddressRule, resolve: Resolve): LookupFunction {
  return (host, { all }, done) =>
    resolve(host, (error, addresses) => {
      if (error !== null) return done(error, []);
      const refusal = addresses.map(({ address }) => rule(address)).find((reason) => reason !== null);
      if (refusal !== undefined) return done(new BundleRefused(refusal), []);
      const [first] = addresses;
      if (all === true || first === undefined) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
}
