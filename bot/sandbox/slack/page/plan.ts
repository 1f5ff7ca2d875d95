import { createElement as h, type ReactElement } from 'react';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { kit } from './kit.ts';

const marks: Readonly<Record<string, readonly [mark: string, words: string]>> = {
  pending: ['○', 'Not started'],
  in_progress: ['◔', 'In progress'],
  complete: ['✓', 'Done'],
  error: ['✕', 'Failed'],
};

function source(entry: Json): ReactElement {
  const url = String(entry['url']);
  const text = String(entry['text'] ?? url);
  return h('li', { key: url }, /^https?:/.test(url) ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text) : text);
}

/** One task: the library's own rendering tells the status by colour alone. */
export function taskCard(workspace: Workspace, task: Json, tag: 'li' | 'div' = 'div'): ReactElement {
  const status = String(task['status'] ?? 'pending');
  const [mark, meaning] = marks[status] ?? ['○', status];
  const rich = (key: string) => (task[key] === undefined ? null : kit(workspace, [task[key] as Json]));
  const sources = Array.isArray(task['sources']) ? (task['sources'] as Json[]) : [];
  return h(
    tag,
    { key: String(task['task_id']), className: `task ${status}`, 'data-testid': 'task', 'data-task-id': String(task['task_id']) },
    h('span', { className: 'mark', 'aria-hidden': true }, mark),
    h(
      'div',
      null,
      h('span', { className: 'task-title' }, String(task['title'])),
      h('span', { className: 'visually-hidden' }, ` (${meaning})`),
      rich('details'),
      rich('output'),
      sources.length === 0 ? null : h('ul', { className: 'sources' }, ...sources.map(source)),
    ),
  );
}

/** A plan block: a title and its tasks in order. */
export function plan(workspace: Workspace, block: Json): ReactElement {
  const tasks = Array.isArray(block['tasks']) ? (block['tasks'] as Json[]) : [];
  const title = h('h4', null, String(block['title']));
  return h(
    'section',
    { className: 'plan', 'data-testid': 'plan' },
    title,
    h('ol', null, ...tasks.map((task) => taskCard(workspace, task, 'li'))),
  );
}
