import { condition, patched } from '@temporalio/workflow';
import type { Probe, ProbeResult, Scope, Verdict } from './contracts/activities.ts';
import { readAt } from './isolate/call.ts';
import { board as show, worker } from './isolate/proxies.ts';
import { think } from './isolate/reasoning.ts';
import type { ProbeProgress, Progress } from './ports.ts';

/** Rounds of follow-up reads after the first fan-out. */
const maximumRounds = 3;

export interface InvestigationResult {
  readonly verdict: Verdict;
  readonly gaps: readonly string[];
  /** Asked of the people in the thread when nobody can tell what the incident is about. */
  readonly question: string | null;
  /** As shown last; null when nothing was shown. */
  readonly progress: Progress | null;
  /** Ids of what was found. */
  readonly findings: readonly string[];
  /** A language model is configured, and may draft a plan where no playbook has one. */
  readonly model?: boolean;
}

async function probe(incidentId: string, wanted: Probe): Promise<ProbeResult> {
  const answer = await readAt({ incidentId, site: wanted.site, operation: wanted.operation, input: wanted.input });
  const gap = answer.status === 'error' ? `${wanted.title}: ${answer.message}` : null;
  const code = answer.status === 'error' && { code: answer.code };
  return { title: wanted.title, site: wanted.site, operation: wanted.operation, observation: answer.observation, gap, ...code };
}

/** Shows the latest state of the tasks; while one update is on its way, later changes wait and are shown together. */
function createBoard(incidentId: string, round: number) {
  const tasks: ProbeProgress[] = [];
  const state = { shown: 0, version: 0, closed: false, headline: 'Investigating' };
  const current = (): Progress => ({ round, headline: state.headline, tasks: [...tasks] });
  async function run(): Promise<void> {
    while (!state.closed || state.shown < state.version) {
      await condition(() => state.shown < state.version || state.closed);
      if (state.shown === state.version) continue;
      state.shown = state.version;
      await show.progress(incidentId, current());
    }
  }
  return {
    run,
    current,
    add(added: readonly Pick<ProbeProgress, 'title' | 'group'>[]): number {
      const first = tasks.length;
      tasks.push(...added.map((task) => ({ ...task, state: 'running' as const })));
      state.version += 1;
      return first;
    },
    settle(index: number, gap: string | null): void {
      const task = tasks[index];
      if (task === undefined) return;
      tasks[index] = gap === null ? { ...task, state: 'done' } : { ...task, state: 'failed', detail: gap };
      state.version += 1;
    },
    close(headline: string): void {
      state.headline = headline;
      state.closed = true;
      state.version += 1;
    },
  };
}

/** Where progress is shown. */
type Board = Pick<ReturnType<typeof createBoard>, 'add' | 'settle'>;

/** Where it is shown, and can be shown again. */
type ShownBoard = Board & Pick<ReturnType<typeof createBoard>, 'current'>;

async function fanOut(incidentId: string, probes: readonly Probe[], board: Board): Promise<ProbeResult[]> {
  const first = board.add(probes.map(({ title, group }) => ({ title, ...(group !== undefined && { group }) })));
  return Promise.all(
    probes.map(async (wanted, index) => {
      const result = await probe(incidentId, wanted);
      board.settle(first + index, result.gap);
      return result;
    }),
  );
}

type Found = Pick<InvestigationResult, 'verdict' | 'gaps' | 'findings'>;

/** Reads, and reads what these lead to. `results`: what was read. */
export async function rounds(
  incidentId: string,
  scope: Scope,
  board: Board,
): Promise<Found & { readonly results: readonly ProbeResult[] }> {
  const results: ProbeResult[] = [];
  let findings: readonly string[] = [];
  const refused = [...scope.gaps];
  let { probes } = scope;
  let verdict: Verdict = 'unknown';
  for (let round = 0; round < maximumRounds && probes.length > 0; round += 1) {
    results.push(...(await fanOut(incidentId, probes, board)));
    const analysis = await worker.analyze(incidentId, results, round === maximumRounds - 1);
    verdict = analysis.verdict;
    findings = analysis.findings;
    probes = analysis.followUps;
    refused.push(...analysis.gaps);
  }
  // A read that policy refused is not an all-clear.
  const settled = verdict === 'healthy' && refused.length > 0 ? 'unknown' : verdict;
  return { verdict: settled, findings, gaps: [...new Set([...refused, ...results.flatMap((result) => result.gap ?? [])])], results };
}

const asking = 'What a language model adds: it is still being asked';

/** Where a playbook has a fix, no model is asked; elsewhere what was found does not wait for it. */
async function settledWithout(incidentId: string, round: number, { findings, gaps }: Found): Promise<boolean> {
  // Histories of before asked at once.
  if (!patched('findings-before-model')) return false;
  if (findings.length > 0 && (await worker.draftPlan(incidentId, findings)) !== null) return true;
  await show.publishFindings(incidentId, { round, findings, gaps: [...gaps, asking] });
  return false;
}

/** What analyzers leave open goes to the model, with what they found; what it asks for is read as everything else is. */
async function withModel(incidentId: string, found: Found, results: readonly ProbeResult[], board: ShownBoard): Promise<Found> {
  const index = board.add([{ title: 'What the language model adds' }]);
  const known = { results, findings: found.findings };
  const shown = () => ({ progress: board.current(), index });
  const thought = await think(incidentId, known, (probes) => fanOut(incidentId, probes, board), shown);
  const skipped = thought.notes.find((note) => note.startsWith('Without a language model')) ?? null;
  board.settle(index, skipped);
  // Analyzers look at what was read meanwhile, too.
  const again = thought.results.length === 0 ? null : await worker.analyze(incidentId, [...results, ...thought.results], true);
  const findings = [...new Set([...(again?.findings ?? found.findings), ...thought.findings])];
  const gaps = [...new Set([...found.gaps, ...thought.results.flatMap(({ gap }) => gap ?? []), ...thought.notes])];
  return { verdict: findings.length > 0 ? 'found' : found.verdict, findings, gaps };
}

const headlines: Record<Verdict, string> = {
  found: 'Investigated: a cause was found',
  healthy: 'Investigated: nothing is wrong',
  unknown: 'Investigated: no cause is known',
};

/** Fan-out of reads → observations → analyzers → findings. Changes nothing. `round`: how many came before it in the incident. */
export async function investigation(incidentId: string, round: number): Promise<InvestigationResult> {
  const scope = await worker.scope(incidentId);
  if (scope.question !== null) return { verdict: 'unknown', gaps: scope.gaps, question: scope.question, progress: null, findings: [] };
  const board = createBoard(incidentId, round);
  const showing = board.run();
  // Awaited at the end. Unhandled until then, a cancellation would fail the workflow task again and again, and never end.
  showing.catch(() => undefined);
  const { results, ...found } = await rounds(incidentId, scope, board);
  const open = scope.model === true && found.verdict !== 'healthy' && !(await settledWithout(incidentId, round, found));
  const result = open ? await withModel(incidentId, found, results, board) : found;
  board.close(headlines[result.verdict]);
  await showing;
  await worker.publishFindings(incidentId, { round, findings: result.findings, gaps: result.gaps });
  return { ...result, question: null, progress: board.current(), ...(scope.model === true && { model: true }) };
}
