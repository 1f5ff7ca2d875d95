import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Similar } from '../workflows/contracts/memory.ts';
import { acknowledgement } from './acknowledgement.ts';
import { alertBoard } from './alert-board.ts';
import { approvals } from './approvals.ts';
import { closedHome } from './closed-home.ts';
import { documentLink } from './document-link.ts';
import { findingFeedback } from './finding-feedback.ts';
import { findingsMessage } from './findings.ts';
import { help } from './help.ts';
import { home } from './home.ts';
import { incidentStatus } from './incident-status.ts';
import { newInvestigation } from './new-investigation.ts';
import { notice } from './notice.ts';
import { opening } from './opening.ts';
import { pageLines } from './page-lines.ts';
import { planCard } from './plan-card.ts';
import { planDetails } from './plan-details.ts';
import { progressPlan } from './progress-plan.ts';
import { progressSections } from './progress-sections.ts';
import { reasonModal } from './reason-modal.ts';
import { refusal } from './refusal.ts';
import { reminder } from './reminder.ts';
import { request } from './request.ts';
import { resultMessage } from './result.ts';
import { settledCard } from './settled-card.ts';
import type { ShownPlan } from './shown-plan.ts';
import { status } from './status.ts';
import { stoppedMessage } from './stopped.ts';
import { finding, hash, incident, links, plan, step, vote } from './testing.ts';
import { voteAnswer } from './vote-answer.ts';

/** https://docs.slack.dev/reference/block-kit/blocks and its composition objects: the most characters of a text, by block or element. */
const textLimits: Readonly<Record<string, number>> = { header: 150, section: 3000, context: 3000, button: 75, input: 2000, confirm: 300 };

type Node = Record<string, unknown>;

function textProblems(node: Node, inside: string): string[] {
  const text = node['text'];
  if (node['type'] !== 'mrkdwn' && node['type'] !== 'plain_text') return [];
  if (typeof text !== 'string' || text.length === 0) return [`${inside}: empty text`];
  const limit = textLimits[inside] ?? 3000;
  return text.length > limit ? [`${inside}: ${text.length} > ${limit}`] : [];
}

function walk(value: unknown, inside: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, inside));
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Node;
  const type = String(node['type'] ?? inside);
  const within = type === 'mrkdwn' || type === 'plain_text' ? inside : type;
  const tooLong = (key: string, max: number) =>
    typeof node[key] === 'string' && node[key].length > max ? [`${type}.${key} is too long`] : [];
  const tooMany = (key: string, max: number) => (Array.isArray(node[key]) && node[key].length > max ? [`${type}.${key} are too many`] : []);
  const counts = { context: 10, actions: 25, context_actions: 5 }[type] ?? Number.POSITIVE_INFINITY;
  const empty = type === 'text' && node['text'] === '' ? ['empty rich text'] : [];
  const own = [
    ...textProblems(node, inside),
    ...tooLong('block_id', 255),
    ...tooLong('action_id', 255),
    ...tooLong('value', 2000),
    ...tooMany('elements', counts),
    ...tooMany('tasks', 50),
    ...empty,
  ];
  return [
    ...own,
    ...Object.entries(node).flatMap(([key, child]) => walk(child, key === 'confirm' && type === 'button' ? 'confirm' : within)),
  ];
}

/** Everything that Slack would refuse; an empty list is a good view. */
function problems(view: { readonly blocks: readonly unknown[]; readonly text?: string; readonly type?: string }): string[] {
  const most = view.type === undefined ? 50 : 100;
  const modal = view as { title?: { text: string }; private_metadata?: string };
  return [
    ...(view.blocks.length > most ? [`${view.blocks.length} blocks`] : []),
    ...(view.blocks.length === 0 ? ['no blocks'] : []),
    ...(view.type === undefined && (view.text ?? '').length === 0 ? ['no fallback text'] : []),
    ...((view.text ?? '').length > 4000 ? ['fallback text is too long'] : []),
    ...((modal.title?.text.length ?? 0) > 24 ? ['title'] : []),
    ...walk(view.blocks, 'root'),
  ];
}

const remembered = (text: string): Similar => ({
  ...{ incidentId: 'inc-0', title: text, service: null, site: null, causes: [text], entities: [], cause: text, fix: text, operations: [] },
  ...{ outcome: 'resolved', at: '2026-01-01T10:00:00.000Z', because: ['same cause', 'same entity', 'same service', 'similar words'] },
});

/** Hostile by kind: empty, Slack's control sequences, code fences, unicode, and very long. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '<@U123>',
    '```',
    '&'.repeat(3000),
    '<'.repeat(5000),
    '𝕏'.repeat(4000),
    '\u202e'.repeat(2000),
    'x'.repeat(10_000),
    '\n'.repeat(5000),
    "'".repeat(4000),
  ),
);

const hostileStep = fc
  .record({ text: hostile, argv: fc.array(hostile, { maxLength: 5 }), none: fc.boolean() })
  .map(({ text, argv, none }) => ({
    ...step,
    input: { name: text },
    via: { kind: 'cli' as const, binary: 'kubectl', argv, stdinSha256: hash('9') },
    dryRun: none
      ? { kind: 'none' as const, reason: text }
      : { kind: 'shown' as const, observation: hash('c'), diff: text, digest: hash('d') },
    rollback: none ? { kind: 'none' as const, reason: text } : step.rollback,
    verification: step.verification.flatMap((check) => [check, { ...check, title: text }]),
    preconditions: [{ pointer: `/${text}`, op: 'eq' as const, value: text }],
  }));

const hostilePlan: fc.Arbitrary<ShownPlan> = fc
  .record({
    goal: hostile,
    steps: fc.array(hostileStep, { minLength: 1, maxLength: 20 }),
    votes: fc.array(hostile, { maxLength: 15 }),
    reasons: fc.array(hostile, { maxLength: 12 }),
    id: hostile,
  })
  .map(({ goal, steps, votes, reasons, id }) => ({
    plan: {
      ...plan,
      id: `plan-${id.slice(0, 60)}`,
      goal,
      steps,
      reasons,
      findings: reasons.length > 0 ? reasons : ['f'],
      playbook: goal.slice(0, 200),
      approval: { ...plan.approval, groups: reasons.map((group) => ({ group, needed: 1 })) },
    },
    requestHash: hash('f'),
    state: 'pending' as const,
    votes: votes.map((reason) => ({ ...vote, reason })),
    steps: [
      {
        planId: 'plan-1',
        stepId: 's1',
        state: 'failed' as const,
        before: hash('1'),
        output: hash('2'),
        verification: hash('3'),
        rollbackOutput: hash('4'),
        rollbackVerification: hash('5'),
        reason: goal,
      },
    ],
    breakGlass: { person: id, reason: goal, at: plan.createdAt, until: plan.expiresAt },
  }));

const name = (id: string) => id;
const recorded = ['vote.recorded', 'grant.claimed', 'step.failed', 'break_glass.used', 'plan.failed', 'incident.closed'].map((kind) => ({
  ...{ id: '0199c0de-0000-7000-8000-000000000000', kind },
  ...{ vote: kind.startsWith('vote') ? vote.id : null, step: step.id },
}));
const everywhere = { text: hostile, list: fc.array(hostile, { maxLength: 60 }), shown: hostilePlan };

test('no view exceeds what Slack takes, whatever it is given', () => {
  fc.assert(
    fc.property(fc.record(everywhere), ({ text, list, shown }) => {
      const incidents = list.map((title) => ({ ...incident, title, service: title }));
      const findings = list.map((title) => ({
        ...finding,
        title,
        mechanism: title,
        refutedBy: title,
        edges: list.slice(0, 6).map((excerpt) => ({ observation: hash('a'), relation: 'supports' as const, excerpt })),
      }));
      const progress = {
        incidentId: 'inc-1',
        headline: text,
        tasks: list.map((title) => ({ title, state: 'running' as const, detail: text })),
        open: true,
      };
      const settled = { ...shown, state: 'failed' as const };
      const views = {
        acknowledgement: acknowledgement('queued'),
        alertBoard: alertBoard({
          ...{ firing: list.length, acknowledged: 1, resolved: 2 },
          first: list.map((title) => ({
            ...{ title, status: 'resolved' as const, urgency: 'low' as const, service: title },
            ...{ url: `https://pd.example/${title}`, startsAt: incident.createdAt },
          })),
        }),
        approvals: approvals(
          list.map(() => ({ shown, answers: ['approve', 'reject'] as const })),
          links,
        ),
        closedHome: closedHome(text),
        findings: findingsMessage({ incidentId: 'i', findings, gaps: list, similar: [text, text, text].map(remembered) }, links),
        healthy: findingsMessage({ incidentId: 'i', findings: [], gaps: list }, links),
        documentLink: documentLink(text, 'https://d.example/1'),
        feedback: { text: 'x', blocks: [findingFeedback('inc-1')] },
        help: help(),
        home: home(
          incidents,
          list.map(() => ({ shown, answers: ['approve', 'reject'] as const })),
          list.map((site) => ({
            site,
            runners: list.map((name) => ({
              seenAt: '2026-11-23T14:20:00.000Z',
              programs: [{ name, version: text }],
              permissions: list,
              remedies: list,
            })),
          })),
          links,
        ),
        incidentStatus: incidentStatus({ ...incident, title: text }, links),
        newInvestigation: newInvestigation(),
        notice: notice(text),
        opening: opening({ ...incident, title: text, text, service: text }, links),
        pageLines: pageLines([text, ...list]),
        planCard: planCard(shown, links, name),
        planCopy: planCard(shown, links, name, {
          files: new Map([['s1', { name: text, url: 'https://f.example' }]]),
          given: new Map(),
          thread: 'https://t.example',
          recorded,
          tried: [text, text, text].map(remembered),
        }),
        planDetails: planDetails(shown, links),
        progressPlan: progressPlan(progress),
        progressSections: progressSections(progress),
        reasonModal: reasonModal({ callbackId: 'plan.reason', verdict: 'reject', plan: shown.plan, metadata: '{}' }),
        reminder: reminder({
          goal: text,
          minutesLeft: 5,
          missing: 1,
          lacking: list.map((group) => ({ group, missing: 1 })),
          people: list.map((name) => ({ name, user: null })),
        }),
        refusal: refusal(text),
        stopped: stoppedMessage({ reason: text, difference: text, again: true }),
        request: request(text, 'U1'),
        result: resultMessage({ incidentId: 'inc-1', outcome: 'failed', summary: text }, shown, links, recorded),
        settledCard: settledCard(settled, links, name, { thread: 'https://t.example', recorded }),
        status: status(incidents, links),
        voteAnswer: voteAnswer({ kind: 'repeated' }),
      };
      for (const [view, rendered] of Object.entries(views)) expect(problems(rendered), view).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('the check itself finds what is too much', () => {
  expect(problems({ text: '', blocks: [] })).toEqual(['no blocks', 'no fallback text']);
  expect(problems({ text: 'x', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] })).toEqual([
    'header: 151 > 150',
  ]);
  expect(problems({ text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) })).toEqual(['51 blocks']);
});
