import { inert } from '../mirrors/markdown.ts';
import type { Cause, DonePlan, Impact, Measure, Postmortem } from './model.ts';

export interface MarkdownOptions {
  /** Of everything that came from outside. */
  readonly redact: (text: string) => string;
  /** Address of an observation; null where none can be given. */
  readonly observation: (id: string) => string | null;
}

interface Pen {
  /** As text that does nothing. */
  say(text: string, limit?: number): string;
  proof(id: string): string;
}

function penOf({ redact, observation }: MarkdownOptions): Pen {
  return {
    say: (text, limit = 1_000) => inert(redact(text), limit),
    proof(id) {
      const address = observation(id);
      return address === null ? `\`${id}\`` : `[${id.slice(0, 12)}](${address})`;
    },
  };
}

const list = (items: readonly string[], none: string) => (items.length === 0 ? none : items.map((item) => `- ${item}`).join('\n'));

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.round(seconds)} s`;
  return minutes < 120 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.round(minutes / 60)} h`;
}

const number = (value: number) => String(Number(value.toPrecision(3)));

function summary({ outcome, openedAt, openedBy, closedAt, service, seconds, ...rest }: Postmortem, { say }: Pen): string {
  const times = [
    seconds.toPlan === null ? null : `plan after ${duration(seconds.toPlan)}`,
    seconds.toDecision === null ? null : `decision after ${duration(seconds.toDecision)}`,
    seconds.toEnd === null ? null : `closed after ${duration(seconds.toEnd)}`,
  ].filter((part) => part !== null);
  const facts = [
    `Outcome: ${outcome?.replaceAll('_', ' ') ?? 'open'}`,
    `Opened: ${openedAt}${openedBy === null ? '' : ` by ${say(openedBy)}`}`,
    ...(closedAt === null ? [] : [`Closed: ${closedAt}`]),
    ...(service === null ? [] : [`Service: ${say(service)}`]),
    ...(times.length === 0 ? [] : [`Times: ${times.join(', ')}`]),
  ];
  return `${say(rest.summary ?? 'The incident is not closed yet.', 2_000)}\n\n${list(facts, '')}`;
}

/** Checks are named by what should be so, `Error rate of checkout is below 0.05`; here it was not. */
const measureOf = (title: string) => title.replace(/ (?:is|stays) (?:below|under|at most|above|over|at least) [\d.]+\s*%?$/, '');

function measured({ title, limit, worst, observation, from, to }: Measure, { say, proof }: Pen): string {
  const until = to === null ? 'and was not seen within its limit again' : `until ${to}`;
  return `${say(measureOf(title))}: at worst ${number(worst)} (limit ${number(limit)}), seen from ${from} ${until}, ${proof(observation)}`;
}

function impactText(impact: Impact | null, pen: Pen): string {
  if (impact === null) return 'Neither an alert nor a metric with a limit shows any.';
  const { from, to, alerts, measures } = impact;
  const window = `From ${from} ${to === null ? 'on; its end was not seen' : `to ${to} (${duration((Date.parse(to) - Date.parse(from)) / 1_000)})`}`;
  const told = alerts === 0 ? '' : `; ${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`;
  return [
    `${window}${told}.`,
    ...(measures.length === 0
      ? []
      : [
          list(
            measures.map((one) => measured(one, pen)),
            '',
          ),
        ]),
  ].join('\n\n');
}

function causeText({ title, mechanism, confidence, refutedBy, evidence }: Cause, { say, proof }: Pen): string {
  const cited = evidence.map(({ relation, excerpt, observation }) => `  - ${relation}: ${say(excerpt, 500)} ${proof(observation)}`);
  const lines = [
    `- **${say(title)}** (confidence ${number(confidence)}): ${say(mechanism)}`,
    ...cited,
    `  - would be refuted by: ${say(refutedBy)}`,
  ];
  return lines.join('\n');
}

function planText({ plan, goal, state, votes, breakGlass, steps }: DonePlan, { say, proof }: Pen): string {
  const why = (reason: string | null) => (reason === null ? '' : `: ${say(reason)}`);
  const voted = votes.map(
    ({ person, verdict, channel, at, reason }) =>
      `- ${at} ${say(person)}: ${verdict.replaceAll('_', ' ')} by way of ${channel}${why(reason)}`,
  );
  const glass =
    breakGlass === null ? [] : [`- ${breakGlass.at} ${say(breakGlass.person)} ran it by break-glass: ${say(breakGlass.reason)}`];
  const done = steps.map((step, index) => {
    const proofs = (['before', 'output', 'verification', 'rollbackVerification'] as const).flatMap((name) => {
      const id = step[name];
      return id === null ? [] : [`${name === 'rollbackVerification' ? 'verification of the rollback' : name} ${proof(id)}`];
    });
    const words = `- [${step.state === 'done' ? 'x' : ' '}] Step ${index + 1}: ${say(step.summary)} (${step.operation} on ${step.site}): ${step.state.replaceAll('_', ' ')}`;
    return [
      words,
      ...(step.reason === null ? [] : [`  - ${say(step.reason)}`]),
      ...(proofs.length === 0 ? [] : [`  - ${proofs.join(', ')}`]),
    ].join('\n');
  });
  return [`**${say(goal)}**: ${state.replaceAll('_', ' ')} (plan ${plan})`, [...voted, ...glass, ...done].join('\n')].join('\n\n');
}

/** A draft in Markdown: Linear's document, Slack's canvas and the answer of the API are this text. */
export function postmortemMarkdown(postmortem: Postmortem, options: MarkdownOptions): string {
  const pen = penOf(options);
  const { say } = pen;
  const { impact, causes, plans, worked, didNotWork, followUps, timeline } = postmortem;
  return [
    `Draft, made from the record of incident ${postmortem.incident}. What people learnt from it is theirs to add.`,
    '## Summary',
    summary(postmortem, pen),
    '## Impact',
    impactText(impact, pen),
    '## Cause',
    causes.length === 0 ? 'Not known.' : causes.map((cause) => causeText(cause, pen)).join('\n'),
    '## What was done',
    ...(plans.length === 0 ? ['Nothing was changed.'] : plans.map((plan) => planText(plan, pen))),
    '## What worked',
    list(
      worked.map((text) => say(text)),
      'Nothing that was verified.',
    ),
    '## What did not work',
    list(
      didNotWork.map((text) => say(text)),
      'Nothing is on record.',
    ),
    '## Follow-ups',
    list(
      followUps.map(({ title, why }) => `**${say(title)}** ${say(why)}`),
      'None follow from the record.',
    ),
    '## Timeline',
    list(
      timeline.map(({ at, what, detail }) => `${at} ${say(what)}${detail === '' ? '' : `: ${say(detail, 300)}`}`),
      'Nothing is on record.',
    ),
  ].join('\n\n');
}
