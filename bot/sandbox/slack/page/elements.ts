import { createElement as h, type ReactElement } from 'react';
import type { Json } from '../types.ts';
import { initialValue } from '../ui/inputs.ts';
import type { Workspace } from '../workspace.ts';

/** The `text` of a text object. */
export function words(text: unknown): string {
  return String((text as Json | undefined)?.['text'] ?? '');
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** What the script of the page needs to send an action and to ask first. */
function actionData(element: Json, blockId: string): Record<string, string> {
  const confirm = element['confirm'] as Json | undefined;
  const base = { 'data-testid': 'action', 'data-action-id': String(element['action_id']), 'data-block-id': blockId };
  if (confirm === undefined) return base;
  return {
    ...base,
    'data-confirm-title': words(confirm['title']),
    'data-confirm-text': words(confirm['text']),
    'data-confirm-yes': words(confirm['confirm']),
    'data-confirm-no': words(confirm['deny']),
    'data-confirm-style': String(confirm['style'] ?? 'primary'),
  };
}

function button(element: Json, blockId: string): ReactElement {
  const style = typeof element['style'] === 'string' ? element['style'] : 'default';
  const label = typeof element['accessibility_label'] === 'string' ? { 'aria-label': element['accessibility_label'] } : {};
  const shared = { className: `button ${style}`, ...actionData(element, blockId), ...label };
  const url = element['url'];
  if (typeof url === 'string' && /^https?:/.test(url))
    return h('a', { ...shared, href: url, target: '_blank', rel: 'noopener noreferrer' }, words(element['text']));
  return h('button', { type: 'button', ...shared }, words(element['text']));
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(workspace: Workspace, element: Json): Choice[] {
  if (element['type'] === 'users_select') return workspace.people.map((person) => ({ value: person.id, label: person.name }));
  if (element['type'] === 'channels_select') return workspace.channels.map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
  const options = [...list(element['options']), ...list(element['option_groups']).flatMap((group) => list(group['options']))];
  return options.map((option) => ({ value: String(option['value']), label: words(option['text']) }));
}

function select(workspace: Workspace, element: Json, attributes: Json): ReactElement {
  const multiple = element['type'] === 'multi_static_select';
  const prompt = words(element['placeholder']) || 'Choose…';
  const options = choicesOf(workspace, element).map(({ value, label }) => h('option', { key: value, value }, label));
  const first = multiple ? [] : [h('option', { key: '', value: '' }, prompt)];
  return h('select', { ...attributes, multiple, defaultValue: initialValue(element), 'aria-label': prompt }, ...first, ...options);
}

function choices(workspace: Workspace, element: Json, attributes: Json): ReactElement {
  const type = element['type'] === 'checkboxes' ? 'checkbox' : 'radio';
  const initial = [initialValue(element)].flat();
  const name = `${String(attributes['data-block-id'])}.${String(element['action_id'])}`;
  const items = choicesOf(workspace, element).map(({ value, label }) => {
    const { id: _, ...rest } = attributes;
    return h(
      'label',
      { key: value, className: 'choice' },
      h('input', { ...rest, type, name, value, defaultChecked: initial.includes(value) }),
      label,
    );
  });
  return h('span', { className: 'choices' }, ...items);
}

function feedback(element: Json, blockId: string): ReactElement {
  const one = (key: string) => {
    const part = element[key] as Json;
    return h(
      'button',
      { key, type: 'button', className: 'button default', ...actionData(element, blockId), 'data-value': String(part['value']) },
      words(part['text']),
    );
  };
  return h('span', { className: 'choices' }, one('positive_button'), one('negative_button'));
}

const inputTypes: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
};

/** A field that holds a value: in a form with `attributes` of a form field, in a message with those of an action. */
export function field(workspace: Workspace, element: Json, attributes: Json): ReactElement {
  const type = String(element['type']);
  if (type === 'radio_buttons' || type === 'checkboxes') return choices(workspace, element, attributes);
  if (inputTypes[type] === undefined) return select(workspace, element, attributes);
  const limits = Object.fromEntries(
    Object.entries({ minLength: element['min_length'], maxLength: element['max_length'] }).filter(([, value]) => value !== undefined),
  );
  const shared = { ...attributes, ...limits, placeholder: words(element['placeholder']), defaultValue: initialValue(element) };
  return element['multiline'] === true ? h('textarea', { rows: 4, ...shared }) : h('input', { type: inputTypes[type], ...shared });
}

/** Any interactive element of a message or view. */
export function interactive(workspace: Workspace, element: Json, blockId: string): ReactElement {
  const type = String(element['type']);
  if (type === 'button' || type === 'icon_button') return button(element, blockId);
  if (type === 'feedback_buttons') return feedback(element, blockId);
  return field(workspace, element, actionData(element, blockId));
}
