import type { Observation } from '../../tools/contract.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Incident } from '../contracts/incident.ts';
import type { ModelText } from '../model.ts';

/** An observation as a model is shown it. `alias` is what it cites: short enough to be copied without a slip. */
export interface Shown {
  readonly alias: string;
  /** Of the observation. */
  readonly id: string;
  readonly text: string;
}

const aliasLength = 10;

export function aliasOf(id: string): string {
  return `o-${id.slice(0, aliasLength)}`;
}

/** Of what a system answers, but for logs and events. What is not named here is treated as logs are: people are most wary of those. */
const classes: Readonly<Record<string, string>> = {
  kubernetes: 'manifest',
  helm: 'manifest',
  argocd: 'manifest',
  prometheus: 'metric',
  thanos: 'metric',
  alertmanager: 'metric',
  tempo: 'trace',
};

/** Whether it answers with what programs and people wrote, line by line. */
export function isFreeText(operation: string): boolean {
  return operation === 'kubernetes.events' || /logs$/.test(operation);
}

/** Class for `llm_egress`: what programs print on their own account is a log. */
export function dataClassOf(operation: string): string {
  if (operation === 'kubernetes.events') return 'event';
  return isFreeText(operation) ? 'log' : (classes[operation.slice(0, operation.indexOf('.'))] ?? 'log');
}

/** Whether a program's output was read into fields; others print for people. */
export function isTyped(output: unknown): boolean {
  return typeof output === 'object' && output !== null && !('text' in output);
}

/** The bytes of a picture say nothing. */
function withoutBytes(key: string, value: unknown): unknown {
  return key === 'base64' && typeof value === 'string' ? `[${value.length} characters]` : value;
}

/** What an observation says. Programs that print for people are shown as they print, others by their typed output. */
export function wordsOf(body: Observation): string {
  if (body.status === 'error') return `failed: ${body.errorCode ?? 'unknown'}\n${body.stderr}`;
  return isTyped(body.output) ? JSON.stringify(body.output, withoutBytes, 1) : body.stdout;
}

export function shownOf(kept: readonly { readonly id: string; readonly body: Observation }[]): readonly Shown[] {
  return kept.map(({ id, body }) => ({ alias: aliasOf(id), id, text: wordsOf(body) }));
}

const ranks = { incident: 1_000, finding: 900, cited: 500, log: 200, other: 100 } as const;

function observationText({ id, body }: { readonly id: string; readonly body: Observation }, cited: ReadonlySet<string>): ModelText {
  const dataClass = dataClassOf(body.operation);
  return {
    id: aliasOf(id),
    dataClass,
    label: `${body.operation} ${JSON.stringify(body.input)} at site ${body.site}`,
    text: wordsOf(body),
    rank: cited.has(id) ? ranks.cited : dataClass === 'log' ? ranks.log : ranks.other,
  };
}

function findingText({ id, analyzer, title, mechanism, entity, confidence, edges, refutedBy }: Finding): ModelText {
  const cites = edges.map(({ observation, relation, excerpt }) => ({ relation, id: aliasOf(observation), excerpt }));
  const text = JSON.stringify({ id, title, mechanism, entity, confidence, refutedBy, cites }, null, 1);
  return { id, dataClass: 'finding', label: `finding of the analyzer ${analyzer}`, text, rank: ranks.finding };
}

/** Everything that is known of an incident, for a model: what people said, what analyzers found, what was observed. */
export function textsOf(
  incident: Incident,
  findings: readonly Finding[],
  kept: readonly { readonly id: string; readonly body: Observation }[],
): readonly ModelText[] {
  const cited = new Set(findings.flatMap(({ edges }) => edges.map(({ observation }) => observation)));
  const said = { id: 'incident', dataClass: 'message', label: 'what people or alerts said', text: `${incident.title}\n${incident.text}` };
  return [{ ...said, rank: ranks.incident }, ...findings.map(findingText), ...kept.map((one) => observationText(one, cited))];
}
