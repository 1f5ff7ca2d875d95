import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash } from '../../tools/canonical.ts';
import type { Observation } from '../../tools/contract.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { Probe, ProbeResult } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Incident } from '../contracts/incident.ts';
import type { Estate } from '../ports.ts';
import { createAnalyzeActivities } from './analyze.ts';
import type { Deps } from './deps.ts';
import { createScope } from './scope.ts';

const policy = await loadCommittedPolicy();
const registry = createRegistry();

export const now = new Date('2026-01-01T12:00:00.000Z');
/** So many minutes before now. */
export const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

/** What a program prints for a read; undefined: it fails. */
export type Answers = (probe: Probe) => unknown;

function observationOf(probe: Probe, printed: unknown): Observation {
  const stdout = typeof printed === 'string' ? printed : JSON.stringify(printed);
  const operation = registry.get(probe.operation);
  const input = operation?.input.parse(probe.input);
  // What no runner reads has no parser: it answers in its final form.
  const output = operation === undefined ? printed : operation.parse({ stdout, stderr: '', exitCode: 0 }, input as never);
  return {
    ...{ version: 1, callId: 'c', incidentId: 'i1', site: probe.site, operation: probe.operation, mode: 'run', input: probe.input },
    ...{ via: { kind: 'cli', argv: [] }, startedAt: now.toISOString(), finishedAt: now.toISOString(), status: 'ok', errorCode: null },
    ...{ exitCode: 0, output, stdout, stderr: '', truncated: false, redactions: 0, redactionVersion: 't' },
  } as unknown as Observation;
}

const incident = {
  ...{
    id: 'i1',
    key: 'k1',
    title: 'web fails',
    text: '',
    source: 'slack',
    service: 'web',
    site: null,
    state: 'investigating',
    outcome: null,
  },
  ...{ requester: null, slack: null, createdAt: now.toISOString(), closedAt: null },
} as const satisfies Incident;

export interface Investigated {
  readonly findings: readonly Finding[];
  /** Titles of what was read, by round. */
  readonly rounds: readonly (readonly string[])[];
  readonly gaps: readonly string[];
  readonly verdict: string;
}

/** An incident as the product investigates it, over what programs print: the activities with real policy, parsers and analyzers. */
export async function investigated(estate: Estate, answers: Answers, over: Partial<Deps> = {}): Promise<Investigated> {
  const kept = new Map<string, Observation>();
  const saved: Finding[] = [];
  const deps = {
    ...{ policy, registry, estate, now: () => now },
    autonomy: { approvalMinutes: 30, rules: [], budgets: {}, freezes: [], windows: [], timezone: 'UTC', breakGlass: null },
    incidents: { get: async () => incident },
    observations: { get: async (id: string) => kept.get(id), put: async () => '' },
    findings: { save: async (_id: string, findings: readonly Finding[]) => void saved.push(...findings) },
    decisions: { record: async () => undefined },
    model: { serves: () => false },
    playbooks: () => ({ playbooks: [] }),
    alertLabels: async () => [],
    ...over,
  } as unknown as Deps;

  function read(probe: Probe): ProbeResult {
    const { title, site, operation } = probe;
    const printed = answers(probe);
    if (printed === undefined) return { title, site, operation, observation: null, gap: `${title}: it failed` };
    const body = observationOf(probe, printed);
    const id = contentHash(body);
    kept.set(id, body);
    return { title, site, operation, observation: id, gap: null };
  }

  const { analyze } = createAnalyzeActivities(deps);
  let { probes, gaps } = await createScope(deps)('i1');
  const results: ProbeResult[] = [];
  const rounds: string[][] = [];
  let verdict = 'unknown';
  for (let round = 0; round < 3 && probes.length > 0; round += 1) {
    rounds.push(probes.map(({ title }) => title));
    results.push(...probes.map(read));
    const analysis = await analyze('i1', results, round === 2);
    verdict = analysis.verdict;
    probes = analysis.followUps;
    gaps = [...gaps, ...analysis.gaps];
  }
  return { findings: saved, rounds, verdict, gaps: [...gaps, ...results.flatMap(({ gap }) => gap ?? [])] };
}
