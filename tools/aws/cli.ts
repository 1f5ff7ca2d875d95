import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { type CliCommand, type ReadOperation, read, type SiteFacts } from '../operation.ts';
import { checkedAccount } from './identity.ts';
import { Region } from './names.ts';

/** Milliseconds: a CLI of Python starts slowly, and tries a throttled request again. */
export const awsTimeoutMs = 45_000;

/** What every operation may name; unset: the first region of the site. */
export const Regional = z.strictObject({ region: Region.optional() });
export type Regional = z.infer<typeof Regional>;

/** Service, operation and flags; structures as JSON. */
export type Line = readonly [service: string, verb: string, ...flags: string[]];

/** A command line of aws. Credentials, endpoint and form of the output come from the environment that the runner fixes. */
export function aws(site: SiteFacts, region: string | undefined, [service, verb, ...flags]: Line): CliCommand {
  const { regions } = settingsOf(site);
  const named = region ?? regions[0] ?? '';
  if (!regions.includes(named)) throw new SiteIncomplete(`${named} is none of sites[].aws.regions of site ${site.name}`);
  return { kind: 'cli', binary: 'aws', argv: [service, verb, `--region=${named}`, ...flags] };
}

/** A command line that changes something: not with credentials of another account. */
export function awsWrite(site: SiteFacts, region: string | undefined, line: Line): CliCommand {
  const { account } = settingsOf(site);
  return { ...aws(site, region, line), unless: checkedAccount(aws(site, region, ['sts', 'get-caller-identity']), account) };
}

export function settingsOf(site: SiteFacts): NonNullable<SiteFacts['aws']> {
  if (site.aws === undefined) throw new SiteIncomplete(`site ${site.name} has no AWS: configure sites[].aws`);
  return site.aws;
}

type AwsRead<I, O> = Omit<ReadOperation<I, O>, 'kind' | 'tier' | 'command' | 'timeoutMs'> & { readonly line: (input: I) => Line };

/** A read of one region. */
export function awsRead<I extends Regional, O>({ line, ...operation }: AwsRead<I, O>): ReadOperation<I, O> {
  return read({ ...operation, command: (input, site) => aws(site, input.region, line(input)), timeoutMs: awsTimeoutMs });
}

/** `--name=["a","b"]`: a list stays one argument, and JSON, whatever it holds. */
export function flag(name: string, value: string | number | object): string {
  return `--${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`;
}

/** The flag, where there is something to say. */
export function optional(name: string, value: string | number | object | undefined): string[] {
  return value === undefined ? [] : [flag(name, value)];
}
