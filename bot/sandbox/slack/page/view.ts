import { createElement as h, type ReactElement } from 'react';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { blocks } from './blocks.ts';
import { words } from './elements.ts';

/** A modal as a form; the script of the page puts it into a dialog. */
export function modal(workspace: Workspace, view: Json): ReactElement {
  const submit =
    view['submit'] === null
      ? null
      : h('button', { type: 'submit', className: 'button primary', 'data-testid': 'modal-submit' }, words(view['submit']));
  const close = view['close'] === null ? 'Close' : words(view['close']);
  return h(
    'form',
    { 'data-view-id': String(view['id']), 'data-callback-id': String(view['callback_id']), noValidate: true },
    h('h2', { id: 'modal-title' }, words(view['title'])),
    h('div', { className: 'modal-body' }, blocks(workspace, view['blocks'] as Json[])),
    h('p', { className: 'field-error', role: 'alert', 'data-testid': 'modal-failure' }),
    h(
      'div',
      { className: 'modal-actions' },
      h('button', { type: 'button', className: 'button default', 'data-testid': 'modal-close' }, close),
      submit,
    ),
  );
}

/** What the app put on a person's Home, or a word that there is nothing. */
export function home(workspace: Workspace, user: string): ReactElement {
  const row = workspace.database.prepare('select view from homes where user = ?').get(user);
  if (row === undefined) return h('p', { className: 'muted' }, `${workspace.app.name} has put nothing here yet.`);
  const view = JSON.parse(String(row['view'])) as Json;
  return h('div', { 'data-testid': 'home', 'data-view-id': String(view['id']) }, blocks(workspace, view['blocks'] as Json[]));
}
