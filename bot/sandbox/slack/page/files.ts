import { createElement as h, type ReactElement } from 'react';
import { findFile, textOf } from '../store/files.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Folded: a long diff does not push the conversation away. */
function snippet(workspace: Workspace, file: Json, source: string): ReactElement {
  const stored = findFile(workspace.database, String(file['id']));
  const lines = Number(file['lines']);
  return h(
    'details',
    { key: source, className: 'snippet', 'data-testid': 'snippet' },
    h(
      'summary',
      null,
      h('span', { className: 'snippet-title' }, String(file['title'])),
      h('span', { className: 'muted' }, `${String(file['filetype'])}, ${lines} ${lines === 1 ? 'line' : 'lines'}`),
    ),
    h('pre', { tabIndex: 0, 'aria-label': String(file['alt_txt'] || file['title']) }, stored === null ? '' : textOf(stored)),
    h('a', { href: source }, 'Download'),
  );
}

function one(workspace: Workspace, file: Json): ReactElement {
  const source = `/files/${String(file['id'])}`;
  if (file['mode'] === 'snippet') return snippet(workspace, file, source);
  const picture = /^(png|jpe?g|gif)$/i.test(String(file['filetype']));
  return picture
    ? h('img', { key: source, src: source, alt: String(file['alt_txt'] || file['title']) })
    : h('a', { key: source, href: source }, String(file['title']));
}

/** The files of a message; null where it has none. */
export function files(workspace: Workspace, body: Json): ReactElement | null {
  const list = Array.isArray(body['files']) ? (body['files'] as Json[]) : [];
  return list.length === 0 ? null : h('div', { className: 'files' }, ...list.map((file) => one(workspace, file)));
}
