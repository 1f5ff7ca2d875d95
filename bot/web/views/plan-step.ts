import { commandText } from '../../../blocks/command.ts';
import { impactWords, stepStateWords } from '../../../blocks/words.ts';
import type { Check } from '../../../tools/contract.ts';
import type { Step, StepRecord, StepState } from '../../../workflows/contracts/plan.ts';
import { type Html, html } from '../html.ts';
import { block, chip, nothing, outside, short, type Tone } from './parts.ts';
import { tierChip } from './states.ts';

const tones: Readonly<Record<StepState, Tone>> = {
  pending: 'quiet',
  running: 'info',
  done: 'ok',
  failed: 'bad',
  rolled_back: 'warn',
  rollback_failed: 'bad',
  not_reversible: 'bad',
  skipped: 'quiet',
};

/** Lines that are added and taken away are told apart by their sign, and by colour. */
function diff(text: string): Html {
  const lines = text.split('\n').map((line) => {
    const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
    return kind === '' ? html`${outside(line)}\n` : html`<span class="${kind}">${outside(line)}</span>\n`;
  });
  return html`<pre class="block diff" tabindex="0" role="group" aria-label="Dry run">${lines}</pre>`;
}

const label = (text: Html | string) => html`<p class="label">${text}</p>`;

function dryRun({ dryRun: run }: Step): Html {
  if (run.kind === 'none') return html`${label('Dry run')}<p>None: ${outside(run.reason)}</p>`;
  return html`${label(html`Dry run (digest ${short(run.digest)}, <a href="/observations/${run.observation}">observation</a>)`)}${diff(run.diff)}`;
}

function checks(title: string, list: readonly Check[]): Html {
  const items = list.map(({ title: what, operation, withinSeconds, stableSeconds }) => {
    const stable = stableSeconds > 0 ? `, stable for ${stableSeconds} s` : '';
    return html`<li>${outside(what)} <span class="quiet">(<code>${operation}</code>, within ${withinSeconds} s${stable})</span></li>`;
  });
  return html`${label(title)}<ul>${items}</ul>`;
}

function rollback({ rollback: back }: Step): Html {
  if (back.kind === 'none') return html`${label('Rollback')}<p>None: ${outside(back.reason)}</p>`;
  return html`${label(html`Rollback if verification fails: <code>${back.call.operation}</code>`)}${block('Rollback command', commandText(back.via))}${checks('Verification of the rollback', back.verification)}`;
}

const records = [
  ['before', 'state before'],
  ['output', 'output'],
  ['verification', 'verification'],
  ['rollbackOutput', 'output of the rollback'],
  ['rollbackVerification', 'verification of the rollback'],
] as const;

function evidence(record: StepRecord | undefined): Html {
  if (record === undefined) return nothing;
  const links = records.flatMap(([key, name]) =>
    record[key] === null ? [] : [html`<li><a href="/observations/${record[key]}">${name}</a></li>`],
  );
  const reason = record.reason === null ? nothing : html`<p>${outside(record.reason)}</p>`;
  return html`${reason}${links.length === 0 ? nothing : html`${label('What was seen')}<ul>${links}</ul>`}`;
}

function target({ site, input, impact }: Step): Html {
  const parts = Object.entries(input).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const reach = impact === null ? '' : ` · ${impactWords(impact)}`;
  return html`<p>Target: <code>${outside(`site ${site}, ${parts.join(', ')}`)}</code>${reach}</p>`;
}

function preconditions({ preconditions: list }: Step): Html {
  if (list.length === 0) return nothing;
  const items = list.map(
    ({ pointer, op, value }) =>
      html`<li><code>${outside(`${pointer} ${op}${value === undefined ? '' : ` ${JSON.stringify(value)}`}`)}</code></li>`,
  );
  return html`<details><summary>Runs only while ${list.length === 1 ? 'this holds' : `these ${list.length} hold`}</summary><ul>${items}</ul></details>`;
}

/** Everything that is approved with a step, from the typed plan alone. */
export function planStep(step: Step, index: number, record: StepRecord | undefined): Html {
  const state = record?.state ?? 'pending';
  return html`<article class="panel" id="step-${step.id}"><h3>${index + 1}. ${outside(step.summary)}</h3>
<p class="row"><code>${step.operation}</code>${tierChip(step.tier)}${chip(stepStateWords[state], tones[state])}</p>
${target(step)}${label(step.via.kind === 'http' ? 'Request' : 'Command')}${block('What would run', commandText(step.via))}
${dryRun(step)}${checks('Verification', step.verification)}${rollback(step)}${preconditions(step)}${evidence(record)}</article>`;
}
