import type { Step } from '../workflows/contracts/plan.ts';
import { code } from './code.ts';
import { context, header, plain, section } from './elements.ts';
import { escapeText, link } from './escape.ts';
import { type Links, shortId } from './links.ts';
import { planStep, type ShownStep } from './plan-step.ts';
import { provenanceWords } from './provenance.ts';
import type { ShownFile, ShownPlan } from './shown-plan.ts';
import type { Block, Modal } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { approvalWords, instant } from './words.ts';

const budget = { command: 3000, diff: { characters: 3000, lines: 200 } };

function precondition(expectation: Step['preconditions'][number]): string {
  const value = expectation.value === undefined ? '' : ` ${JSON.stringify(expectation.value)}`;
  return `${expectation.pointer} ${expectation.op}${value}`;
}

function stepBlocks(shown: ShownStep, links: Links): Block[] {
  const { step } = shown;
  const conditions = first(step.preconditions, 10, (expectation) => code(precondition(expectation), 120));
  const before = `State before: ${link(links.observation(step.before), shortId(step.before))}`;
  const only = conditions.length > 0 ? `. Runs only while ${conditions.join(', ')}` : '';
  return [planStep(shown, budget), context(`${before}${only}`)];
}

/** Everything that the request hash covers, in a modal that asks nothing. */
export function planDetails(shown: ShownPlan, links: Links, files: ReadonlyMap<string, ShownFile> = new Map()): Modal {
  const { plan } = shown;
  const findings = first(plan.findings, 10, (id) => code(id)).join(', ');
  const provenance = provenanceWords(plan);
  const elsewhere = 'The rest is not shown in Slack.';
  const step = (step: Step, index: number) =>
    stepBlocks({ step, index, reasons: plan.reasons, file: files.get(step.id) ?? null, elsewhere }, links);
  const reasons = first(plan.reasons, 10, (reason) => `• ${truncate(reason, 250)}`);
  return {
    type: 'modal',
    title: plain('Plan', 24),
    close: plain('Close', 24),
    blocks: [
      header(plan.goal),
      section([`${approvalWords(plan.approval)} Expires ${instant(plan.expiresAt)}.`, ...reasons].join('\n')),
      section(`Playbook ${code(plan.playbook)}, because of ${findings}`),
      ...(provenance === null ? [] : [context(escapeText(provenance))]),
      ...plan.steps.slice(0, 20).flatMap(step),
      context(`${link(links.plan(plan.id), `Plan ${plan.id}`)}`, `Request ${code(shown.requestHash)}`, `Policy ${code(plan.policyBundle)}`),
    ],
  };
}
