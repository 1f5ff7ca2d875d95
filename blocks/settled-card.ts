import type { Step, StepRecord } from '../workflows/contracts/plan.ts';
import { breakGlassLine } from './break-glass.ts';
import { code } from './code.ts';
import { commandLines } from './command.ts';
import { context, header, section } from './elements.ts';
import { escapeText, link, oneLine } from './escape.ts';
import { type Links, shortId } from './links.ts';
import { threadContext } from './plan-card.ts';
import { proof, type Recorded } from './proofs.ts';
import { type CardReferences, type NameOf, noReferences, type ShownPlan } from './shown-plan.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';
import { voteSections } from './votes.ts';
import { planStateWords, stepStateWords } from './words.ts';

function evidence(record: StepRecord, links: Links, recorded: readonly Recorded[]): string {
  const named = [
    ['before', record.before],
    ['output', record.output],
    ['verification', record.verification],
    ['rollback', record.rollbackOutput],
    ['rollback verification', record.rollbackVerification],
  ] as const;
  const references = named.flatMap(([name, id]) => (id === null ? [] : [`${name} ${link(links.observation(id), shortId(id))}`]));
  const about = (group: string) => (entry: Recorded) => entry.step === record.stepId && entry.kind.startsWith(group);
  const proofs = [...proof(links, recorded, about('grant.'), 'grant'), ...proof(links, recorded, about('step.'))];
  const all = [...references, ...proofs];
  return all.length > 0 ? ` (${all.join(', ')})` : '';
}

/** What was approved stays readable on the card; the whole of it is behind the plan's link. */
function ran(step: Step): string {
  return code(commandLines(step.via).join(' && '), 300);
}

function stepLines(shown: ShownPlan, links: Links, recorded: readonly Recorded[]): string[] {
  return shown.plan.steps.slice(0, 20).map((step, index) => {
    const record = shown.steps.find((candidate) => candidate.stepId === step.id);
    const what = `${index + 1}. ${code(step.operation)} on ${escapeText(step.site)}`;
    if (record === undefined) return `${what}\n${ran(step)}`;
    const reason = record.reason === null ? '' : `: ${truncate(oneLine(record.reason), 300)}`;
    return `${what}: *${stepStateWords[record.state]}*${reason}${evidence(record, links, recorded)}\n${ran(step)}`;
  });
}

/** A plan on which nobody can vote any more: who, when, what became of each step; no buttons. */
export function settledCard(
  shown: ShownPlan,
  links: Links,
  nameOf: NameOf,
  references: Pick<CardReferences, 'thread' | 'recorded'> = noReferences,
): MessageView {
  const { recorded } = references;
  const state = planStateWords[shown.state];
  const glass = proof(links, recorded, ({ kind }) => kind === 'break_glass.used').map((text) => ` ${text}`);
  const end = proof(links, recorded, ({ kind }) => kind === `plan.${shown.state}`).map((text) => ` · ${text}`);
  return {
    text: `${state}: ${truncate(shown.plan.goal, 300)}`,
    blocks: [
      header(state),
      section(`*Goal:* ${truncate(oneLine(shown.plan.goal), 600)}`),
      ...stepLines(shown, links, recorded).map((text) => section(text)),
      ...voteSections(shown.votes, links, nameOf, references),
      ...(shown.breakGlass === null ? [] : [section(`${breakGlassLine(shown.breakGlass, nameOf)}${glass}`)]),
      ...threadContext(references.thread),
      {
        ...context(`${link(links.plan(shown.plan.id), `Plan ${shown.plan.id}`)} · request ${shortId(shown.requestHash)}${end}`),
        block_id: `plan:${shortId(shown.requestHash)}:${shown.state}`.slice(0, 255),
      },
    ],
  };
}
