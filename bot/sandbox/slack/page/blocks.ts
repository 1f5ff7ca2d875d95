import { Fragment, createElement as h, type ReactElement } from 'react';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { field, interactive, words } from './elements.ts';
import { kit } from './kit.ts';
import { textObject } from './mrkdwn.ts';
import { plan, taskCard } from './plan.ts';

function section(workspace: Workspace, block: Json): ReactElement {
  const element = block['accessory'] as Json | undefined;
  const fields = Array.isArray(block['fields'])
    ? block['fields'].map((text, index) => h(Fragment, { key: index }, textObject(workspace, text)))
    : [];
  const text = block['text'] === undefined ? null : textObject(workspace, block['text']);
  const body = h('div', { className: 'section' }, text, fields.length === 0 ? null : h('div', { className: 'fields' }, ...fields));
  if (element === undefined) return body;
  const accessory = element['type'] === 'image' ? image(element) : interactive(workspace, element, String(block['block_id']));
  return h('div', { className: 'with-accessory' }, body, accessory);
}

function context(workspace: Workspace, block: Json): ReactElement {
  const parts = (block['elements'] as Json[]).map((element, index) =>
    h(Fragment, { key: index }, element['type'] === 'image' ? image(element) : textObject(workspace, element)),
  );
  return h('div', { className: 'context' }, ...parts);
}

function elements(workspace: Workspace, block: Json, key: 'elements' | 'actions'): ReactElement {
  const list = Array.isArray(block[key]) ? (block[key] as Json[]) : [];
  const shown = list.map((element, index) => h(Fragment, { key: index }, interactive(workspace, element, String(block['block_id']))));
  return h('div', { className: 'actions' }, ...shown);
}

function image(block: Json): ReactElement {
  const file = block['slack_file'] as Json | undefined;
  const source = typeof file?.['id'] === 'string' ? `/files/${file['id']}` : String(block['image_url'] ?? file?.['url']);
  const caption = block['title'] === undefined ? null : h('figcaption', null, words(block['title']));
  return h('figure', null, caption, h('img', { src: source, alt: String(block['alt_text']) }));
}

function input(workspace: Workspace, block: Json): ReactElement {
  const element = block['element'] as Json;
  const blockId = String(block['block_id']);
  const actionId = String(element['action_id']);
  const id = `field-${blockId}-${actionId}`;
  const group = element['type'] === 'radio_buttons' || element['type'] === 'checkboxes';
  const optional = block['optional'] === true ? h('span', { className: 'muted' }, ' (optional)') : null;
  const attributes = {
    id,
    'data-testid': 'modal-input',
    'data-block-id': blockId,
    'data-action-id': actionId,
    'aria-describedby': `${id}-error ${id}-hint`,
    required: block['optional'] !== true && !group,
  };
  const label = h(group ? 'legend' : 'label', group ? null : { htmlFor: id }, words(block['label']), optional);
  const hint = block['hint'] === undefined ? null : h('p', { id: `${id}-hint`, className: 'muted' }, words(block['hint']));
  const error = h('p', {
    id: `${id}-error`,
    className: 'field-error',
    'data-testid': 'modal-error',
    'data-error-for': blockId,
    role: 'alert',
  });
  return h(group ? 'fieldset' : 'div', { className: 'input-block' }, label, field(workspace, element, attributes), hint, error);
}

function container(workspace: Workspace, block: Json): ReactElement {
  const title = block['title'] === undefined ? 'Details' : words(block['title']);
  const children = blocks(workspace, block['child_blocks'] as Json[]);
  if (block['is_collapsible'] !== true) return h('section', { className: 'container' }, h('h4', null, title), children);
  return h('details', { className: 'container', open: block['default_collapsed'] !== true }, h('summary', null, title), children);
}

function one(workspace: Workspace, block: Json): ReactElement {
  switch (block['type']) {
    case 'header':
      return h('h3', { className: 'header-block' }, words(block['text']));
    case 'section':
      return section(workspace, block);
    case 'context':
      return context(workspace, block);
    case 'actions':
    case 'context_actions':
      return elements(workspace, block, 'elements');
    case 'card': {
      const { actions: _, ...rest } = block;
      return h('div', { className: 'card' }, kit(workspace, [rest]), elements(workspace, block, 'actions'));
    }
    case 'container':
      return container(workspace, block);
    case 'image':
      return image(block);
    case 'input':
      return input(workspace, block);
    case 'plan':
      return plan(workspace, block);
    case 'task_card':
      return taskCard(workspace, block);
    default:
      return kit(workspace, [block]);
  }
}

/** Block Kit as the page shows it: layouts by the library where it has them, mrkdwn and whatever can be clicked or filled by elements of the page. */
export function blocks(workspace: Workspace, list: readonly Json[]): ReactElement {
  return h(
    Fragment,
    null,
    ...list.map((block, index) =>
      h('div', { key: index, className: 'block', 'data-block-type': String(block['type']) }, one(workspace, block)),
    ),
  );
}
