import type { z } from 'zod';
import type { PolicyAnswer } from '../../api/routes/policy.ts';
import type { DecisionAnswer } from '../../api/routes/policy-decisions.ts';
import { hostsOnly } from '../addresses.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { aboutProofs, decisionProof } from './decision-proof.ts';
import {
  address,
  chip,
  facts,
  filters,
  idLink,
  input,
  json,
  none,
  nothing,
  outside,
  pager,
  section,
  select,
  short,
  type Tone,
  table,
  time,
} from './parts.ts';
import { replayForm } from './replay.ts';

export interface PolicyPage {
  readonly policy: z.infer<typeof PolicyAnswer>;
  readonly decisions: readonly z.infer<typeof DecisionAnswer>[];
  readonly next: string | null;
  /** Entries of the audit log by the decisions that they record. */
  readonly proofs: ReadonlyMap<string, string>;
  readonly token: string;
  /** From which day on a replay asks, unless somebody says another one: YYYY-MM-DD. */
  readonly since: string;
  readonly query: Readonly<Record<'incident' | 'plan' | 'question' | 'verdict' | 'cursor', string>>;
}

type Decision = PolicyPage['decisions'][number];

const tones: Readonly<Record<string, Tone>> = { allow: 'ok', deny: 'bad', needs_approval: 'warn' };
const verdicts = [
  { value: '', label: 'Any' },
  { value: 'allow', label: 'allow' },
  { value: 'deny', label: 'deny' },
  { value: 'needs_approval', label: 'needs approval' },
];

function row({ id, at, question, verdict, plan, incident, step, bundle, input: asked, result }: Decision, proofs: PolicyPage['proofs']) {
  return [
    html`${outside(question ?? 'unknown')}${step === null ? nothing : html` <span class="quiet">(${outside(step)})</span>`}`,
    chip((verdict ?? 'unknown').replaceAll('_', ' '), tones[verdict ?? ''] ?? 'quiet'),
    incident === null ? none : idLink('incidents', incident),
    plan === null ? none : idLink('plans', plan),
    short(bundle),
    time(at),
    html`<details><summary>Show</summary>${json('Answer', result)}${json('Question', asked)}</details>`,
    decisionProof(proofs.get(id), { question, verdict }, `the answer to ${question ?? 'an unknown question'} at ${at}`),
  ];
}

export function policyView({ policy, decisions, next, query, proofs, token, since }: PolicyPage): View {
  const { bundle, source, loadedAt, keptAt, lastError } = policy;
  const { cursor, ...filter } = query;
  const problem =
    lastError === null
      ? nothing
      : html`<p class="notice bad">What is at the source now does not decide (${time(lastError.at)}): ${outside(lastError.reason)}</p>`;
  const kept =
    keptAt === null
      ? nothing
      : html`<p class="notice">A kept copy decides, from ${time(keptAt)}: there was nothing good at the source at the start.</p>`;
  const form = filters('/policy', [
    input('question', 'Question', query.question, 'plan, execute, vote …'),
    select('verdict', 'Answer', query.verdict, verdicts),
    input('incident', 'Incident', query.incident),
    input('plan', 'Plan', query.plan),
  ]);
  const head = ['Question', 'Answer', 'Incident', 'Plan', 'Bundle', 'At (UTC)', 'In full', 'Proof'];
  const list = table({
    caption: 'Decisions, newest first',
    head,
    rows: decisions.map((one) => row(one, proofs)),
    none: 'Nothing like that was decided.',
  });
  const pages = pager(
    cursor === '' ? null : address('/policy', filter),
    next === null ? null : address('/policy', { ...filter, cursor: next }),
  );
  const body = html`${problem}${kept}${facts([
    ['Bundle', html`<code>${bundle}</code>`],
    ['From', outside(hostsOnly(source))],
    ['Since (UTC)', time(loadedAt)],
  ])}
${section('decisions', 'Decisions', html`${form}${decisions.length === 0 ? nothing : aboutProofs}${list}${pages}`)}
${section('replay', 'Replay', replayForm(token, since))}`;
  return { title: 'Policy', section: '/policy', body };
}
