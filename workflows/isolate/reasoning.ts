import { isCancellation } from '@temporalio/workflow';
import type { Probe, ProbeResult, Reasoned, ReasonRequest } from '../contracts/activities.ts';
import { notRead } from '../reasoning/not-read.ts';
import { wordsOf } from './call.ts';
import { thinker } from './proxies.ts';

/** Whatever configuration says, a model asks no more often than this. */
const mostRounds = 12;

export interface Thought {
  /** Ids of what the model found. */
  readonly findings: readonly string[];
  /** For people, beside the findings. */
  readonly notes: readonly string[];
  /** What was read on its account. */
  readonly results: readonly ProbeResult[];
}

/** A model that broke is a model that is not there. */
async function reason(request: ReasonRequest): Promise<Reasoned> {
  try {
    return await thinker.reason(request);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'skipped', note: `Without a language model from here on: ${wordsOf(error)}` };
  }
}

const observationsOf = (results: readonly ProbeResult[]) => results.flatMap(({ observation }) => observation ?? []);

/** Rounds of a model's reads, each with the ones before it; ends with what it found, or without it. */
export async function think(
  incidentId: string,
  known: { readonly results: readonly ProbeResult[]; readonly findings: readonly string[] },
  readAll: (probes: readonly Probe[]) => Promise<readonly ProbeResult[]>,
  shown: () => NonNullable<ReasonRequest['shown']>,
): Promise<Thought> {
  const results: ProbeResult[] = [];
  const notes: string[] = [];
  const asked: string[] = [];
  let refused: readonly string[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const observations = observationsOf([...known.results, ...results]);
    const thought = await reason({ incidentId, round, observations, findings: known.findings, asked, refused, shown: shown() });
    if (thought.kind === 'skipped') return { findings: [], notes: [...new Set([...notes, thought.note])], results };
    notes.push(...thought.notes);
    if (thought.kind === 'done') return { findings: thought.findings, notes: [...new Set(notes)], results };
    notes.push(...thought.gaps);
    asked.push(...thought.asked);
    const read = await readAll(thought.probes);
    results.push(...read);
    refused = [...thought.refused, ...notRead(read)];
  }
  return { findings: [], notes: [...new Set(notes)], results };
}
