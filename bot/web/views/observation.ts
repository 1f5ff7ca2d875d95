import { commandLines } from '../../../blocks/command.ts';
import type { Observation } from '../../../tools/contract.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { block, chip, facts, json, nothing, section, time } from './parts.ts';

function command({ via }: Observation): string {
  return commandLines(via).join('\n');
}

/** One piece of evidence, as it was stored: masked before. */
export function observationView(id: string, one: Observation): View {
  const seconds = (Date.parse(one.finishedAt) - Date.parse(one.startedAt)) / 1_000;
  const masked = one.redactions === 0 ? 'nothing was masked' : `${one.redactions} values were masked before it was stored`;
  const body = html`${facts([
    ['Incident', html`<a href="/incidents/${encodeURIComponent(one.incidentId)}">${one.incidentId}</a>`],
    ['Site', one.site],
    ['Started (UTC)', time(one.startedAt)],
    ['Took', `${seconds.toFixed(1)} s`],
    ['Exit status', one.exitCode === null ? 'none' : String(one.exitCode)],
    ['Redaction', `${masked} (rules ${one.redactionVersion})`],
    ['Hash', html`<code>${id}</code>`],
  ])}
${section('command', one.via.kind === 'http' ? 'Request' : 'Command', block('What was run', command(one)))}
${section('input', 'Input', json('Input', one.input))}
${one.truncated ? html`<p class="notice">The output was longer than is kept: it is cut.</p>` : nothing}
${section('output', 'Typed output', json('Typed output', one.output))}
${one.stdout === '' ? nothing : section('stdout', 'Standard output', block('Standard output', one.stdout))}
${one.stderr === '' ? nothing : section('stderr', 'Standard error', block('Standard error', one.stderr))}`;
  const aside = html`${chip(one.status === 'ok' ? 'ok' : (one.errorCode ?? 'error').replaceAll('_', ' '), one.status === 'ok' ? 'ok' : 'bad')}`;
  return { title: one.operation, aside, section: '/', body };
}
