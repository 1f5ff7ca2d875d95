import dns, { type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { reachOf } from '../../tools/addresses.ts';
import { hostOf, isLoopback } from './bundle-url.ts';
import { BundleRefused } from './refused.ts';

/** Says why an address may not be asked; null: it may. */
export type AddressRule = (address: string) => string | null;

/**
 * An address may be asked that is public, that the URL itself names, or that lies in one of the `networks` (CIDR) of the
 * configuration. An address of the range `never` may not.
 */
export function addressRule(url: URL, networks: readonly string[]): AddressRule {
  const reach = reachOf(networks);
  const host = hostOf(url);
  return (address) => {
    const found = reach(address);
    if (found === 'never') return `${address} is no address that may be asked`;
    const named = host === address || (isLoopback(host) && isLoopback(address));
    if (named || found !== 'inside') return null;
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
