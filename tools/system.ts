import type { ToolErrorCode } from './contract.ts';
import type { Credentials, TwoSources } from './credentials.ts';
import type { AnyOperation, Command, CommandResult, HttpCommand, SiteFacts } from './operation.ts';
import type { Site, SystemName, SystemSettings } from './site.ts';

/** Variables that a program gets beyond the fixed ones of run.ts. */
export type Environment = Readonly<Record<string, string>>;

/** A program that operations start. */
export interface Program {
  readonly name: string;
  /** Arguments that make it print its version, without asking any server. */
  readonly version: readonly string[];
  /** Older ones have known faults. */
  readonly oldest?: string;
  /** Operations ask the HTTP API where it is not installed: at every site, or at those of which this says so. */
  readonly optional?: true | ((site: Site) => boolean);
  /** What of its system works without it, where it is not optional. */
  readonly without?: string;
  /** Where its credentials are. Throws SiteIncomplete. */
  readonly environment?: (site: Site, credentials: Credentials) => Promise<Environment>;
  /** True when a command line itself says that it changes nothing. */
  readonly isDryRun?: (argv: readonly string[]) => boolean;
  /** What its messages mean; the first that matches. */
  readonly failures: readonly (readonly [RegExp, ToolErrorCode])[];
}

/** An HTTP API of a system. */
export interface Api {
  /** Base URL; a path in it is kept. */
  readonly url: string;
  /** Added to each request: who asks. Throws SiteIncomplete. */
  readonly headers?: (credentials: Credentials) => Promise<Readonly<Record<string, string>>>;
  /** Path of certificates of authorities that are trusted beside those of the machine. */
  readonly ca?: string | undefined;
  /** What its messages mean, where its statuses do not say it; the first that matches. */
  readonly failures?: readonly (readonly [RegExp, ToolErrorCode])[];
}

/** A question to a system about what credentials may do there. */
export interface RightsQuestion {
  /** A read without any effect; null: nobody at this site could answer. Throws SiteIncomplete. */
  readonly command: (site: SiteFacts) => Command | null;
  /** One line for each right, in the words of the system. Throws OutputMalformed. */
  readonly parse: (result: CommandResult) => readonly string[];
}

/** What somebody has to do where an account is not answered, by the code and the words of it; null: what holds for every system. */
export type Remedy = (problem: { readonly code: ToolErrorCode; readonly message: string }, account: Credentials) => string | null;

/** HTTPS with a password that stands in no command line. */
export interface GitAccess {
  /** Of all its repositories; ends with a slash. */
  readonly base: string;
  readonly user: string;
  readonly token: TwoSources;
  /** What `token` is called in the settings. */
  readonly where: string;
  /** Path of certificates of authorities that are trusted beside those of the machine. */
  readonly ca?: string | undefined;
}

/** A system that operations talk to: what the bus knows of it. */
export interface System<S> {
  /** What the names of its operations begin with; key of its settings at a site. */
  readonly name: SystemName;
  /** For people. */
  readonly title: string;
  readonly operations: readonly AnyOperation[];
  readonly programs: readonly Program[];
  readonly api?: (settings: S) => Api;
  /** True when a request that is no GET itself says that it changes nothing. */
  readonly isDryRun?: (command: HttpCommand) => boolean;
  /** Asked by a runner with both of its accounts, now and then. */
  readonly rights?: readonly RightsQuestion[];
  /** Where `rights` are not answered. The doctor asks systems that have this from where it runs. */
  readonly remedy?: Remedy;
  /** Where its repositories are, and who pushes. */
  readonly git?: (settings: S) => GitAccess;
  /** Its other addresses, by names that commands call them by. */
  readonly moreApis?: (settings: S) => Readonly<Record<string, Api>>;
  /** Files whose contents must never be shown: all of them, or what keys of YAML hold that are known to be secret. */
  readonly secrets?: (settings: S) => {
    readonly kubeconfigs?: readonly TwoSources[];
    readonly configurations?: readonly TwoSources[];
    readonly tokens?: readonly TwoSources[];
    /** As ~/.aws/credentials. */
    readonly profiles?: readonly TwoSources[];
  };
  /** How a role is written down that gives permissions of operations and no more; kept in docs/guides where people can take it. */
  readonly role?: { readonly title: string; readonly text: (name: string, permissions: readonly string[]) => string };
}

// biome-ignore lint/suspicious/noExplicitAny: the list holds systems of all settings; each gets its own, by its name.
export type AnySystem = System<any>;

export function system<N extends SystemName>(definition: System<NonNullable<SystemSettings[N]>> & { readonly name: N }): AnySystem {
  return definition;
}
