import { isTimezone } from '../policy/clock.ts';
import type { AutonomyRule } from '../policy/contract/autonomy.ts';
import { namesRepository } from '../tools/github/gh.ts';
import { namesProject } from '../tools/gitlab/api.ts';
import { referenceOf, sourcesOf } from '../tools/held/sources.ts';
import { filesOf, type GitOps } from '../workflows/gitops/contract.ts';
import { receiverProblem } from './audit/receiver.ts';
import { Environment } from './config-environment.ts';
import type { ConfigFile } from './config-file.ts';
import { membersByGroup } from './groups.ts';
import { llmProblems } from './llm/settings.ts';

type Rule = AutonomyRule;
type Require = Extract<Rule, { mode: 'require' }>;

function groupProblems({ groups, people }: ConfigFile): string[] {
  const names = groups.map(({ name }) => name);
  // Without people of its own the file is used with those of the sandbox.
  const known = people.length === 0 ? null : new Set(people.map(({ id }) => id));
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `group ${name} is listed twice`),
    ...groups.flatMap(({ name, members }) =>
      members
        .filter((member) => known?.has(member) === false)
        .map((member) => `group ${name}: member ${member} is not listed under people`),
    ),
  ];
}

function needProblems(rule: Require, where: string, members: ReadonlyMap<string, readonly string[]>): string[] {
  return (rule.groups ?? []).flatMap(({ group, needed }) => {
    const size = new Set(members.get(group)).size;
    if (!members.has(group)) return [`${where}: there is no group ${group}`];
    return size < needed ? [`${where}: asks for ${needed} of group ${group}, which has ${size}`] : [];
  });
}

function ownerProblems({ owners, service }: Require, where: string, services: ConfigFile['services']): string[] {
  const known = services.find(({ name }) => name === service);
  if (owners === undefined || known === undefined || known.owners.length >= owners) return [];
  return [`${where}: asks for ${owners} owners of ${known.name}, which has ${known.owners.length}`];
}

function ruleProblems(file: ConfigFile): string[] {
  const members = membersByGroup(file);
  return file.autonomy.rules.flatMap((rule, index) => {
    if (rule.mode !== 'require') return [];
    const where = `autonomy.rules.${index}`;
    return [...needProblems(rule, where, members), ...ownerProblems(rule, where, file.services)];
  });
}

function timezoneProblems({ autonomy, calendar }: ConfigFile): string[] {
  const named: (readonly [string, string | undefined])[] = [
    ['calendar.timezone', calendar.timezone],
    ...calendar.windows.map(({ timezone }, index) => [`calendar.windows.${index}`, timezone] as const),
    ...autonomy.rules.flatMap(({ windows = [] }, index) => windows.map(({ timezone }) => [`autonomy.rules.${index}`, timezone] as const)),
  ];
  return named.flatMap(([where, timezone]) =>
    timezone === undefined || isTimezone(timezone) ? [] : [`${where}: ${timezone} is no time zone of the IANA database`],
  );
}

function freezeProblems({ calendar }: ConfigFile): string[] {
  return calendar.freezes
    .filter(({ from, to }) => Date.parse(from) >= Date.parse(to))
    .map(({ name }) => `freeze ${name} ends before it begins`);
}

/** What the parts about policy name and nothing else defines. */
function policyProblems(file: ConfigFile): string[] {
  return [...groupProblems(file), ...ruleProblems(file), ...timezoneProblems(file), ...freezeProblems(file)];
}

const accountNames = { linear: 'Linear user', pagerduty: 'PagerDuty user', oidc: 'OIDC subject' } as const;

function checkpointProblems({ audit: { checkpoints } }: ConfigFile): string[] {
  if (checkpoints.http === undefined) return [];
  const { url, tokenVariable } = checkpoints.http;
  const wrong = receiverProblem(url);
  return [
    ...(wrong === null ? [] : [`audit.checkpoints.http.url ${wrong}`]),
    ...(tokenVariable !== 'AUDIT_CHECKPOINTS_TOKEN' && tokenVariable in Environment.shape
      ? [`audit.checkpoints.http.tokenVariable: ${tokenVariable} is for something else; take a variable of its own`]
      : []),
  ];
}

const listed = { github: 'repositories', gitlab: 'projects' } as const;

function namesIt({ github, gitlab }: ConfigFile['sites'][number], { forge, repository }: GitOps): boolean {
  return forge === 'github'
    ? github !== undefined && namesRepository(github.repositories, repository)
    : gitlab !== undefined && namesProject(gitlab.projects, repository);
}

/** A pull request is made, merged and deployed by what the service's site has. */
function gitopsProblems({ services, sites }: ConfigFile): string[] {
  return services.flatMap(({ name, site: where, gitops }) => {
    const site = sites.find((one) => one.name === where);
    if (gitops === undefined || site === undefined) return [];
    const wrong = `service ${name}: gitops`;
    if (site[gitops.forge] === undefined) return [`${wrong} needs sites[].${gitops.forge} at site ${where}`];
    return [
      ...(namesIt(site, gitops)
        ? []
        : [`${wrong}: ${gitops.repository} is not among sites[].${gitops.forge}.${listed[gitops.forge]} of site ${where}`]),
      ...(gitops.application !== undefined && site.argocd === undefined
        ? [`${wrong}: application ${gitops.application} needs sites[].argocd at site ${where}`]
        : []),
    ];
  });
}

/** A file that two sites are deployed from: what is approved for one would change the other. */
function sharedFileProblems({ services }: ConfigFile): string[] {
  const named = services.flatMap(({ name, site, gitops }) =>
    gitops === undefined
      ? []
      : filesOf(gitops).map((file) => ({ name, site, file, place: `${gitops.forge} ${gitops.repository} ${gitops.branch} ${file}` })),
  );
  return [...Map.groupBy(named, ({ place }) => place).values()].flatMap((same) => {
    const other = same.find(({ site }) => site !== same[0]?.site);
    if (other === undefined) return [];
    return [
      `service ${other.name}: gitops: ${other.file} is that of ${same[0]?.name} at site ${same[0]?.site} too: give each site a file of its own`,
    ];
  });
}

/** Credentials that stand in no file. */
function credentialProblems({ sites }: ConfigFile): string[] {
  return sites.flatMap((site) =>
    sourcesOf(site).flatMap(({ where, source }) => {
      const reference = referenceOf(source);
      const place = `site ${site.name}: ${where}`;
      if (reference === null) return [];
      if ('vault' in reference)
        return site.credentials?.vault === undefined ? [`${place} is in Vault: set credentials.vault of the site`] : [];
      const taken = reference.env in Environment.shape || /^(OTEL|NODE|WATCHKEEPER)_|^(PATH|HOME)$/.test(reference.env);
      return taken ? [`${place}: ${reference.env} is for something else; take a variable of its own`] : [];
    }),
  );
}

/** What the parts of the file say of each other, and does not fit; one line each. */
export function referenceProblems(file: ConfigFile): string[] {
  const sites = new Set(file.sites.map((site) => site.name));
  const people = new Set(file.people.map((person) => person.id));
  const duplicates = (what: string, values: readonly string[]) =>
    values.filter((value, index) => values.indexOf(value) !== index).map((value) => `${what} ${value} is listed twice`);
  return [
    ...duplicates(
      'site',
      file.sites.map((site) => site.name),
    ),
    ...duplicates(
      'person',
      file.people.map((person) => person.id),
    ),
    ...duplicates(
      'service',
      file.services.map((service) => service.name),
    ),
    ...duplicates(
      'Slack user',
      file.people.flatMap((person) => (person.slack ? [`${person.slack.team}/${person.slack.user}`] : [])),
    ),
    ...(['linear', 'pagerduty', 'oidc'] as const).flatMap((kind) =>
      duplicates(
        accountNames[kind],
        file.people.flatMap((person) => person[kind] ?? []),
      ),
    ),
    ...file.services
      .filter((service) => !sites.has(service.site))
      .map((service) => `service ${service.name}: site ${service.site} is not listed under sites`),
    ...file.services.flatMap((service) =>
      service.dependsOn
        .filter((name) => !file.services.some((other) => other.name === name))
        .map((name) => `service ${service.name}: dependsOn ${name} is not listed under services`),
    ),
    ...file.services.flatMap((service) =>
      service.owners
        .filter((owner) => !people.has(owner))
        .map((owner) => `service ${service.name}: owner ${owner} is not listed under people`),
    ),
    ...gitopsProblems(file),
    ...sharedFileProblems(file),
    ...policyProblems(file),
    ...checkpointProblems(file),
    ...credentialProblems(file),
    ...llmProblems(file.llm),
  ];
}
