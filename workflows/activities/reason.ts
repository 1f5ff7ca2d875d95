import type { Drafted, Reasoned, ReasonRequest } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Incident, Told } from '../contracts/incident.ts';
import { byGit } from '../gitops/by-git.ts';
import type { ModelOutcome, ModelRequest, ModelText } from '../model.ts';
import { shownOf, textsOf } from '../reasoning/evidence.ts';
import { acceptHypotheses, Hypotheses } from '../reasoning/hypotheses.ts';
import { notAllowed } from '../reasoning/not-read.ts';
import { acceptPlan, PlanAnswer, questionWords, writesOf } from '../reasoning/plan.ts';
import { tellThinking, withDetail } from '../reasoning/progress.ts';
import { acceptReads, readKey, readTools } from '../reasoning/reads.ts';
import { heardAt, targetsIn } from '../reasoning/targets.ts';
import type { Deps } from './deps.ts';
import { explain } from './explain.ts';
import { type Kept, keptOf, mostObservations } from './kept.ts';
import { outputsOf } from './propose.ts';
import { allowedReads } from './reads.ts';
import { unlessRefused } from './report.ts';

/** What a model may look at and propose for: where an incident is about one site, nothing beyond it. */
function placed(deps: Deps, { site }: { readonly site: string | null }): Deps {
  if (site === null) return deps;
  const { sites, services } = deps.estate;
  const estate = {
    ...deps.estate,
    sites: sites.filter(({ name }) => name === site),
    services: services.filter((one) => one.site === site),
  };
  return { ...deps, estate };
}

/** Names that the evidence or the configuration has. */
function knownIn({ estate }: Deps, kept: readonly Kept[], findings: readonly Finding[]): (name: string) => boolean {
  const configured = [
    ...estate.sites.map(({ name }) => name),
    ...estate.services.flatMap(({ name, namespace, site }) => [name, namespace, site]),
  ];
  const found = findings.map(({ facts, entity }) => JSON.stringify([facts, entity]));
  const all = [...configured, ...found, ...shownOf(kept).map(({ text }) => text)].join('\n').toLowerCase();
  return (name) => all.includes(name.toLowerCase());
}

const unavailable = (reason: string) => `Without a language model from here on: ${reason}`;

/** In the message that shows the investigation, whose state the workflow sends along: nothing else changes it meanwhile. */
function showThinking({ chat, log }: Deps, incident: Incident, { shown }: ReasonRequest, words: string): void {
  if (shown === undefined) return;
  const failed = (error: unknown) => log.warn({ err: error, incident: incident.id }, 'the progress of a model could not be shown');
  chat.progress(incident, withDetail(shown.progress, shown.index, words)).catch(failed);
}

async function reason(all: Deps, request: ReasonRequest, signal: AbortSignal): Promise<Reasoned> {
  const incident = await all.incidents.get(request.incidentId);
  const deps = placed(all, incident);
  const { model, registry, estate } = deps;
  const analyzers = (await deps.findings.listForIncident(incident.id)).filter(({ id }) => request.findings.includes(id));
  const kept = await keptOf(deps, request.observations);
  const last = request.round >= model.limits.rounds;
  const left = model.limits.rounds - request.round;
  const turn = last
    ? 'Nothing more can be read: answer now.'
    : `You may ask for reads ${left} more time${left === 1 ? '' : 's'}, at most ${model.limits.callsPerRound} at once.`;
  const refused = request.refused.length === 0 ? '' : `\nNot read, as asked before: ${request.refused.join('; ')}.`;
  const telling = tellThinking({ round: request.round, rounds: model.limits.rounds }, (words) =>
    showThinking(deps, incident, request, words),
  );
  const asked: ModelRequest<Hypotheses> = {
    task: 'investigate',
    incidentId: incident.id,
    person: incident.requester,
    question: `What causes this incident?\n${turn}${refused}`,
    texts: textsOf(incident, analyzers, kept),
    tools: last ? [] : readTools(registry, estate),
    schema: Hypotheses,
    signal,
    onText: telling.heard,
  };
  const outcome: ModelOutcome<Hypotheses> = await model.ask(asked).finally(telling.stop);
  if (outcome.kind === 'none') return { kind: 'skipped', note: unavailable(outcome.reason) };
  const notes = [...outcome.notes];
  if (outcome.kind === 'answer') {
    const by = `${outcome.use.provider}/${outcome.use.model}`;
    const accepted = acceptHypotheses(outcome.value, { shown: shownOf(kept), estate, analyzers, by });
    for (const why of accepted.dropped) deps.counted.dropped(why);
    await deps.findings.save(incident.id, accepted.findings);
    return { kind: 'done', findings: accepted.findings.map(({ id }) => id), notes: [...notes, ...accepted.notes] };
  }
  if (last) return { kind: 'done', findings: [], notes: [...notes, 'The model asked for reads again and again, and gave no answer'] };
  const before = new Set(kept.map(({ body }) => readKey(body)));
  for (const key of request.asked) before.add(key);
  const known = knownIn(deps, kept, analyzers);
  const reads = acceptReads(outcome.calls, { registry, estate, known, before, most: model.limits.callsPerRound });
  const { allowed, gaps } = await allowedReads(deps, incident.id, reads.probes);
  return {
    kind: 'read',
    probes: allowed,
    asked: reads.probes.map(readKey),
    refused: [...reads.refused, ...notAllowed(reads.probes, allowed)],
    gaps,
    notes,
  };
}

/** What people answered is theirs to say, and no evidence: no name is known because of it. */
function toldTexts(told: readonly Told[]): readonly ModelText[] {
  return told.map(({ text }, index) => ({
    id: `answer-${index + 1}`,
    dataClass: 'message',
    label: 'what a person answered to what you asked before',
    text,
    rank: 1_500,
  }));
}

async function draft(
  all: Deps,
  {
    incidentId,
    findings: ids,
    told,
  }: { readonly incidentId: string; readonly findings: readonly string[]; readonly told: readonly Told[] },
  signal: AbortSignal,
): Promise<Drafted> {
  const incident = await all.incidents.get(incidentId);
  const deps = placed(all, incident);
  const { model, registry, estate } = deps;
  // Before the model hears them: whoever has a part in a plan asked for it, and does not approve it.
  if (told.length > 0)
    await deps.incidents.addRequesters(
      incidentId,
      told.map(({ person }) => person),
    );
  const findings = (await deps.findings.listForIncident(incidentId)).filter(({ id }) => ids.includes(id));
  const listed = await deps.observations.listForIncident(incidentId);
  const cited = findings.flatMap(({ edges }) => edges.map(({ observation }) => observation));
  const kept = await keptOf(
    deps,
    [...cited, ...listed.filter(({ status }) => status === 'ok').map(({ id }) => id)].slice(0, mostObservations),
  );
  const outcome = await model.ask({
    task: 'plan',
    incidentId,
    person: incident.requester,
    question: `Propose a change, or none. These operations exist:\n\n${writesOf(registry, estate)}`,
    texts: [...toldTexts(told), ...textsOf(incident, findings, kept)],
    tools: [],
    schema: PlanAnswer,
    signal,
  });
  if (outcome.kind !== 'answer')
    return { kind: 'none', reason: outcome.kind === 'none' ? outcome.reason : 'the model gave no plan', questions: [] };
  const known = targetsIn(estate, heardAt(incident.site, cited, kept), findings);
  const accepted = acceptPlan(outcome.value, { registry, estate, known, findings: ids, mostSteps: deps.autonomy.budgets.stepsPerPlan });
  if (accepted.kind === 'none') return accepted;
  const way = byGit(accepted.draft, { operations: registry, estate, output: outputsOf(kept) });
  return way.kind === 'draft' ? way : { kind: 'none', reason: way.words, questions: [] };
}

/** What a language model adds. Each of these is one call of it at most per provider, and can be stopped. */
export function createReasonActivities(deps: Deps) {
  return {
    reason: (request: ReasonRequest) => deps.attended((signal) => reason(deps, request, signal)),
    draftByModel: (incidentId: string, findings: readonly string[], told: readonly Told[] = []) =>
      deps.attended((signal) => draft(deps, { incidentId, findings, told }, signal)),
    async askPeople(incidentId: string, key: string, asked: { readonly questions: readonly string[]; readonly minutes: number }) {
      const incident = await deps.incidents.get(incidentId);
      if (incident.slack === null) return false;
      await deps.chat.say(incident, key, questionWords(asked)).catch(unlessRefused(deps.log));
      return true;
    },
    explain: (incidentId: string, asked: { readonly person: string; readonly text: string }) =>
      deps.attended((signal) => explain(deps, incidentId, asked, signal)),
    answerQuestion: async (incidentId: string, key: string, text: string) =>
      deps.chat.say(await deps.incidents.get(incidentId), key, text).catch(unlessRefused(deps.log)),
  };
}
