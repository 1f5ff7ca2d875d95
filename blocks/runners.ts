import { section } from './elements.ts';
import { oneLine } from './escape.ts';
import { lines } from './lines.ts';
import type { Block } from './slack.ts';
import { truncate } from './truncate.ts';
import { instant } from './words.ts';

/** A site, and who executes operations there. */
export interface SiteRunners {
  readonly site: string;
  readonly runners: readonly {
    readonly seenAt: string;
    readonly programs: readonly { readonly name: string; readonly version: string | null }[];
    /** `kubernetes read: 12 rights`. */
    readonly permissions: readonly string[];
    /** What somebody has to do about it. */
    readonly remedies: readonly string[];
  }[];
}

const short = (text: string, max: number) => truncate(oneLine(text), max);

/** Two runners with their texts fit into what a section holds. */
const mostRemedies = 3;

function runnerText({ seenAt, programs, permissions, remedies }: SiteRunners['runners'][number]): string {
  const found = programs.map(({ name, version }) => `${name} ${version ?? '(version unknown)'}`).join(', ') || 'no programs';
  return [
    `runner seen ${instant(seenAt)} · ${short(found, 250)}`,
    ...(permissions.length === 0 ? [] : [`may: ${short(permissions.join(', '), 250)}`]),
    ...remedies.slice(0, mostRemedies).map((remedy) => `:warning: ${short(remedy, 250)}`),
    ...(remedies.length > mostRemedies ? [`… (${remedies.length - mostRemedies} more)`] : []),
  ].join('\n');
}

function siteText({ site, runners }: SiteRunners): string {
  const name = `*${short(site, 80)}*`;
  if (runners.length === 0)
    return `${name}\n:warning: no runner has reported of late: start one (watchkeeper serve --role runner) for this site`;
  const shown = runners.slice(0, 2).map(runnerText);
  return [name, ...shown, ...(runners.length > 2 ? [`… (${runners.length - 2} more runners)`] : [])].join('\n');
}

/** Who executes operations at each site, and what is to be done about it. */
export function runners(sites: readonly SiteRunners[]): Block[] {
  return sites.length === 0 ? [section('No site is configured.')] : lines(sites, siteText);
}
