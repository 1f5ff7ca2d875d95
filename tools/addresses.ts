import { BlockList, isIP } from 'node:net';

type Range = readonly [address: string, bits: number];

/** Where machines find their own credentials, and what is no single machine: never asked, whoever names it. */
const never: readonly Range[] = [
  ['0.0.0.0', 8],
  ['168.63.129.16', 32],
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
  ['fec0::', 10],
  ['::', 96],
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

/** What an address is, to somebody who was told a name: `never` is asked by nobody, `inside` only where a configuration says so. */
export type Reach = (address: string) => 'never' | 'inside' | 'listed' | 'public';

/** `networks`: CIDR. */
export function reachOf(networks: readonly string[]): Reach {
  const [forbidden, inside, listed] = [never, special, networks.map(rangeOf)].map(blockList) as [BlockList, BlockList, BlockList];
  return (address) => {
    const family = familyOf(address);
    if (forbidden.check(address, family)) return 'never';
    if (listed.check(address, family)) return 'listed';
    return inside.check(address, family) ? 'inside' : 'public';
  };
}
