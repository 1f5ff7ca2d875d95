import type { Service } from '../config-file.ts';
import type { Alerts } from './settings.ts';

/**
 * What an alert is about, as one text: alerts with the same scope are about the same thing.
 * `service:NAME` for a configured service; else the most precise thing that the sender names.
 */
export interface Scope {
  readonly scope: string;
  /** A configured service, or null. */
  readonly service: string | null;
  readonly site: string | null;
  readonly namespace: string | null;
}

type Labels = Readonly<Record<string, string>>;
type Known = Pick<Service, 'name' | 'site' | 'namespace' | 'pagerduty'>;

export const scopeOfService = (name: string) => `service:${name}`;

/** The configured service that a scope names. */
export function serviceOf(scope: string): string | null {
  return scope.startsWith('service:') ? scope.slice('service:'.length) : null;
}

const workloadLabels = ['deployment', 'statefulset', 'daemonset', 'job_name', 'cronjob'];

/** Names of pods end in what their controller adds: hash and random part, random part, or number. */
const podEndings = [/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, /-[a-z0-9]{8,10}-[a-z0-9]{5}$/, /-\d+$/, /-[a-z0-9]{5}$/];

/** The workload that a pod of that name belongs to, as far as the name tells. */
export function workloadOfPod(pod: string): string {
  const ending = podEndings.find((pattern) => pattern.test(pod));
  return ending === undefined ? pod : pod.replace(ending, '');
}

function workloadOf(labels: Labels): string | null {
  const named = workloadLabels.map((label) => labels[label]).find((value) => value !== undefined && value !== '');
  if (named !== undefined) return named;
  return labels['pod'] === undefined || labels['pod'] === '' ? null : workloadOfPod(labels['pod']);
}

function firstOf(labels: Labels, names: readonly string[]): string | null {
  return names.map((name) => labels[name]).find((value) => value !== undefined && value !== '') ?? null;
}

/**
 * Without the labels that say who measured. What kube-state-metrics reports is about a pod or a workload, never about its own `instance`; what another
 * exporter reports is about the `instance` that it looked at, never about its own pod.
 */
function aboutWhat(labels: Labels): Labels {
  const measured = [labels['job'], labels['service']];
  const state = measured.some((name) => name?.endsWith('kube-state-metrics'));
  const exporter = measured.some((name) => name?.endsWith('-exporter') || name === 'kubelet' || name === 'cadvisor');
  const without = state ? ['job', 'service', 'instance'] : exporter ? ['job', 'service', 'pod', 'namespace'] : [];
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !without.includes(name)));
}

/** A label names a service where the namespace and the site that stand beside it agree. */
function configured(labels: Labels, site: string | null, known: readonly Known[], { serviceLabels }: Alerts): Known | null {
  const namespace = labels['namespace'];
  const here = known.filter((one) => (site === null || one.site === site) && (namespace === undefined || one.namespace === namespace));
  const names = [...serviceLabels.map((label) => labels[label]), workloadOf(labels)];
  return names.map((name) => here.find((one) => one.name === name)).find((one) => one !== undefined) ?? null;
}

/** The most precise thing that the labels name; `group`, the sender's own grouping, for what names nothing at all. */
function unknownScope(labels: Labels, site: string | null, group: string, { serviceLabels }: Alerts): string {
  const where = [site, labels['namespace']].filter((part) => part !== null && part !== undefined).join('/');
  const candidates: readonly (readonly [string, string | null])[] = [
    ['workload', workloadOf(labels)],
    ['node', firstOf(labels, ['node'])],
    ['name', firstOf(labels, serviceLabels)],
    ['instance', firstOf(labels, ['instance'])],
  ];
  const [kind, name] = candidates.find(([, value]) => value !== null) ?? ['group', `${group}/${labels['alertname'] ?? ''}`];
  return `${kind}:${where}/${name}`;
}

export function scopeOfLabels(all: Labels, group: string, known: readonly Known[], settings: Alerts): Scope {
  const labels = aboutWhat(all);
  const site = firstOf(labels, settings.siteLabels);
  const service = configured(labels, site, known, settings);
  if (service !== null)
    return { scope: scopeOfService(service.name), service: service.name, site: service.site, namespace: service.namespace };
  const scope = unknownScope(labels, site, group, settings);
  return { scope, service: null, site: known.some((one) => one.site === site) ? site : null, namespace: labels['namespace'] ?? null };
}

/** The name as a word of its own. */
function stands(name: string, text: string): boolean {
  return new RegExp(`(^|[^\\p{L}\\p{N}-])${RegExp.escape(name)}($|[^\\p{L}\\p{N}-])`, 'iu').test(text);
}

/** The one service whose name stands in the words; null where it is none or several. */
export function serviceInWords<T extends { readonly name: string }>(words: string, known: readonly T[]): T | null {
  const named = known.filter(({ name }) => stands(name, words));
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** The scope of a PagerDuty incident: its service by the mapping. Where several of ours share one of PagerDuty's, the title decides. */
export function scopeOfPage(pagerDutyService: string | null, title: string, known: readonly Known[]): Scope {
  const mapped = known.filter((service) => pagerDutyService !== null && service.pagerduty === pagerDutyService);
  const service = mapped.length > 1 ? serviceInWords(title, mapped) : (mapped[0] ?? null);
  if (service === null) return { scope: `pagerduty:${pagerDutyService ?? ''}`, service: null, site: null, namespace: null };
  return { scope: scopeOfService(service.name), service: service.name, site: service.site, namespace: service.namespace };
}
