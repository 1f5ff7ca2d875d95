import type { Need, Replay } from '../../policy/replay-answer.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { facts, idLink, none, nothing, outside, section, short, table, time, tokenField } from './parts.ts';

export interface ReplayPage {
  /** YYYY-MM-DD. */
  readonly since: string;
  readonly parts: readonly Replay[];
}

export function replayForm(token: string, since: string): Html {
  return html`<p>What another policy would have decided otherwise, over what was decided since a day. Nothing is recorded, and the policy that decides stays.</p>
<form class="ask" method="post" action="/policy/replay" enctype="multipart/form-data">${tokenField(token)}
<label>Bundle (tar.gz, as opa build -t wasm writes it; at most 3 MiB)<input type="file" name="bundle" accept=".gz,.tgz,application/gzip" required></label>
<label>Since (UTC)<input type="date" name="since" value="${since}" required></label>
<div><button>Try it</button></div></form>
<p class="quiet">For more than a page has time for: <code>watchkeeper policy replay --bundle bundle.tar.gz --since ${since}</code></p>`;
}

function needWords({ verdict, needed, roles, excludeRequester, groups }: Need): string {
  if (verdict !== 'needs_approval') return verdict.replaceAll('_', ' ');
  const from = [...roles, ...groups.map(({ group, needed: of }) => `${of} of ${group}`)].join(', ');
  return `${needed} approvals (${from})${excludeRequester ? ', not the requester' : ''}`;
}

function placeOf({ incident, plan, step, question, at }: Replay['unanswered'][number] | Replay['changed'][number]) {
  return [
    html`${outside(question)}${step === null ? nothing : html` <span class="quiet">(${outside(step)})</span>`}`,
    incident === null ? none : idLink('incidents', incident),
    plan === null ? none : idLink('plans', plan),
    time(at),
  ] as const;
}

export function replayView({ since, parts }: ReplayPage): View {
  const changed = parts.flatMap((part) => part.changed);
  const unanswered = parts.flatMap((part) => part.unanswered);
  const evaluated = parts.reduce((sum, part) => sum + part.evaluated, 0);
  const changes = changed.map((one) => {
    const [question, incident, plan, at] = placeOf(one);
    return [
      question,
      needWords(one.before),
      needWords(one.after),
      html`${one.after.reasons.map((reason) => html`<div>${outside(reason)}</div>`)}`,
      incident,
      plan,
      at,
    ];
  });
  const gaps = unanswered.map((one) => {
    const [question, incident, plan, at] = placeOf(one);
    return [question, outside(one.reason), incident, plan, at];
  });
  const more =
    parts.at(-1)?.next === null
      ? nothing
      : html`<p class="notice">There are more decisions than a page has time for: these are the first. The command line asks all of them.</p>`;
  const body = html`${facts([
    ['Bundle that was tried', short(parts[0]?.bundle ?? '')],
    ['Since (UTC)', since],
    ['Decisions asked again', String(evaluated)],
    ['Decided otherwise', String(changed.length)],
    ['Not answered', String(unanswered.length)],
  ])}${more}
${section('changed', 'Decided otherwise', table({ caption: 'Decided otherwise', head: ['Question', 'Before', 'After', 'Because', 'Incident', 'Plan', 'At (UTC)'], rows: changes, none: 'Nothing: it would have decided the same.' }))}
${section('unanswered', 'Not answered', table({ caption: 'Not answered', head: ['Question', 'Why', 'Incident', 'Plan', 'At (UTC)'], rows: gaps, none: 'It answered everything.' }))}
<p><a href="/policy">Back to the policy</a></p>`;
  return { title: 'Replay', section: '/policy', body };
}
