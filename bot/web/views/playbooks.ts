import type { z } from 'zod';
import type { PlaybookAnswer, PlaybooksAnswer } from '../../api/routes/playbooks.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { block, chip, facts, outside, section, short, table, timeOr } from './parts.ts';

type Playbooks = z.infer<typeof PlaybooksAnswer>;

const owner = { own: 'yours', shipped: 'shipped' } as const;

function problems(all: Playbooks['problems']): Html {
  const rows = all.map(({ file, line, column, message, todo, kept }) => [
    html`<code>${outside(`${file}:${line}:${column}`)}</code>`,
    outside(message),
    outside(todo),
    kept ? chip('Its last good version is in use', 'warn') : chip('Not in use', 'bad'),
  ]);
  return table({ caption: 'What is wrong', head: ['Place', 'Problem', 'To do', 'Meanwhile'], rows, none: 'Nothing is wrong.' });
}

export function playbooksView({ hash, at, items, problems: wrong }: Playbooks): View {
  const rows = items.map(({ name, summary, origin, specificity, proposes }) => [
    html`<a href="/playbooks/${encodeURIComponent(name)}">${outside(name)}</a>`,
    outside(summary),
    proposes.length === 0 ? 'asks people' : html`${proposes.map((operation) => html`<code>${operation}</code> `)}`,
    owner[origin],
    `${specificity}`,
  ]);
  const head = ['Playbook', 'What for', 'Proposes', 'Whose', 'Specificity'];
  const body = html`${facts([
    ['Set', hash === null ? 'no worker has started yet' : short(hash)],
    ['In use since (UTC)', timeOr(at, 'not yet')],
  ])}
${section('problems', 'Your own directory', problems(wrong))}
${section('playbooks', 'In use', table({ caption: 'Of several that apply the most specific proposes', head, rows, none: 'There are none.' }))}`;
  return { title: 'Playbooks', section: '/playbooks', body };
}

export function playbookView({ name, summary, file, origin, sha256, content }: z.infer<typeof PlaybookAnswer>): View {
  const head = facts([
    ['File', html`<code>${outside(file)}</code>, ${owner[origin]}`],
    ['SHA-256', short(sha256)],
  ]);
  return { title: name, section: '/playbooks', body: html`<p>${outside(summary)}</p>${head}${block('The playbook', content)}` };
}
