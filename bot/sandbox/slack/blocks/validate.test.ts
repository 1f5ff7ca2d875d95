import { expect, test } from 'vitest';
import { spell } from './problems.ts';
import type { Surface } from './shapes.ts';
import { validateBlocks, validateView } from './validate.ts';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const section = (length = 1) => ({ type: 'section', text: mrkdwn(length) });
const button = (extra: object = {}) => ({ type: 'button', text: plain(1), action_id: 'a', ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const confirm = (title: number, text: number, label: number) => ({
  title: plain(title),
  text: mrkdwn(text),
  confirm: plain(label),
  deny: plain(1),
});
const option = (text: number, value: number) => ({ text: plain(text), value: 'v'.repeat(value) });
const select = (options: object[]) => ({ type: 'static_select', action_id: 's', options });
const task = (id: string) => ({ task_id: id, title: 'Check', status: 'pending' });
const rows = (count: number, cells: number, text = 'x') => many(count, () => many(cells, () => ({ type: 'raw_text', text })));
const input = { type: 'input', label: plain(1), element: { type: 'plain_text_input', action_id: 'value' } };

/** At the limit it is accepted; one more is refused with exactly these words. */
const limits: [name: string, surface: Surface, at: object[], beyond: object[], refusal: string][] = [
  [
    'blocks of a message',
    'message',
    many(50, () => section()),
    many(51, () => section()),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'blocks of a modal',
    'modal',
    many(100, () => section()),
    many(101, () => section()),
    'no more than 100 items allowed [json-pointer:/blocks]',
  ],
  [
    'header',
    'message',
    [{ type: 'header', text: plain(150) }],
    [{ type: 'header', text: plain(151) }],
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  ['section text', 'message', [section(3000)], [section(3001)], 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  [
    'section fields',
    'message',
    [{ type: 'section', fields: many(10, () => mrkdwn(2000)) }],
    [{ type: 'section', fields: many(11, () => mrkdwn(1)) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'field text',
    'message',
    [{ type: 'section', fields: [mrkdwn(2000)] }],
    [{ type: 'section', fields: [mrkdwn(2001)] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'context elements',
    'message',
    [{ type: 'context', elements: many(10, () => mrkdwn(1)) }],
    [{ type: 'context', elements: many(11, () => mrkdwn(1)) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'actions elements',
    'message',
    [actions(...many(25, (index) => button({ action_id: `a${index}` })))],
    [actions(...many(26, (index) => button({ action_id: `a${index}` })))],
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'block_id',
    'message',
    [{ ...section(), block_id: 'b'.repeat(255) }],
    [{ ...section(), block_id: 'b'.repeat(256) }],
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'action_id',
    'message',
    [actions(button({ action_id: 'a'.repeat(255) }))],
    [actions(button({ action_id: 'a'.repeat(256) }))],
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'button text',
    'message',
    [actions(button({ text: plain(75) }))],
    [actions(button({ text: plain(76) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'button value',
    'message',
    [actions(button({ value: 'v'.repeat(2000) }))],
    [actions(button({ value: 'v'.repeat(2001) }))],
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'confirm title',
    'message',
    [actions(button({ confirm: confirm(100, 300, 30) }))],
    [actions(button({ confirm: confirm(101, 1, 1) }))],
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'confirm text',
    'message',
    [],
    [actions(button({ confirm: confirm(1, 301, 1) }))],
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'confirm button',
    'message',
    [],
    [actions(button({ confirm: confirm(1, 1, 31) }))],
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]',
  ],
  [
    'option text',
    'message',
    [actions(select([option(75, 150)]))],
    [actions(select([option(76, 1)]))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'options',
    'message',
    [actions(select(many(100, () => option(1, 1))))],
    [actions(select(many(101, () => option(1, 1))))],
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    'plan tasks',
    'message',
    [{ type: 'plan', title: 'P', tasks: many(50, (index) => task(`t${index}`)) }],
    [{ type: 'plan', title: 'P', tasks: many(51, (index) => task(`t${index}`)) }],
    'no more than 50 items allowed [json-pointer:/blocks/0/tasks]',
  ],
  [
    'markdown in total',
    'message',
    [
      { type: 'markdown', text: 'x'.repeat(6000) },
      { type: 'markdown', text: 'x'.repeat(6000) },
    ],
    [
      { type: 'markdown', text: 'x'.repeat(6000) },
      { type: 'markdown', text: 'x'.repeat(6001) },
    ],
    'markdown text must be less than 12001 characters in total [json-pointer:/blocks]',
  ],
  [
    'tables',
    'message',
    [{ type: 'table', rows: rows(100, 20) }],
    [
      { type: 'table', rows: rows(1, 1) },
      { type: 'table', rows: rows(1, 1) },
    ],
    'only one table allowed [json-pointer:/blocks]',
  ],
  ['table rows', 'message', [], [{ type: 'table', rows: rows(101, 1) }], 'no more than 100 items allowed [json-pointer:/blocks/0/rows]'],
  [
    'table characters',
    'message',
    [{ type: 'table', rows: rows(10, 10, 'x'.repeat(100)) }],
    [{ type: 'table', rows: rows(1, 1, 'x'.repeat(10_001)) }],
    'must be less than 10001 characters [json-pointer:/blocks/0/rows]',
  ],
  [
    'alert text',
    'modal',
    [{ type: 'alert', text: mrkdwn(200) }],
    [{ type: 'alert', text: mrkdwn(201) }],
    'must be less than 201 characters [json-pointer:/blocks/0/text/text]',
  ],
];

test.each(limits)('limit of %s', (_name, surface, at, beyond, refusal) => {
  expect(validateBlocks(at, surface)).toEqual([]);
  expect(validateBlocks(beyond, surface).map(spell)).toEqual([`[ERROR] ${refusal}`]);
});

const refused: [name: string, surface: Surface, blocks: unknown, refusal: string][] = [
  ['no list', 'message', {}, 'must provide an array [json-pointer:/blocks]'],
  ['an unknown type', 'message', [{ type: 'banner' }], 'unsupported type: banner [json-pointer:/blocks/0/type]'],
  [
    'the name of an inherited property',
    'message',
    [{ type: 'constructor' }],
    'unsupported type: constructor [json-pointer:/blocks/0/type]',
  ],
  ['an alert in a message', 'message', [{ type: 'alert', text: mrkdwn(1) }], 'unsupported type: alert [json-pointer:/blocks/0/type]'],
  ['a plan in a modal', 'modal', [{ type: 'plan', title: 'P' }], 'unsupported type: plan [json-pointer:/blocks/0/type]'],
  ['an empty text', 'message', [section(0)], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section without text', 'message', [{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
  ['a header without text', 'message', [{ type: 'header' }], 'missing required field: text [json-pointer:/blocks/0/text]'],
  [
    'markdown in a header',
    'message',
    [{ type: 'header', text: mrkdwn(1) }],
    'must be one of: plain_text [json-pointer:/blocks/0/text/type]',
  ],
  [
    'a property that no section has',
    'message',
    [{ ...section(), colour: 'red' }],
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  [
    'a block id twice',
    'message',
    [
      { ...section(), block_id: 'b' },
      { ...section(), block_id: 'b' },
    ],
    '`block_id` b already exists [json-pointer:/blocks/1/block_id]',
  ],
  [
    'an action id twice',
    'message',
    [actions(button(), button())],
    '`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'a task id twice',
    'message',
    [{ type: 'plan', title: 'P', tasks: [task('t'), task('t')] }],
    '`task_id` t already exists [json-pointer:/blocks/0/tasks/1/task_id]',
  ],
];

test.each(refused)('%s is refused', (_name, surface, blocks, refusal) => {
  expect(validateBlocks(blocks, surface).map(spell)).toEqual([`[ERROR] ${refusal}`]);
});

test('a modal needs a short title, and a submit button where it has inputs', () => {
  const modal = { type: 'modal', title: plain(24), submit: plain(24), blocks: [input] };
  expect(validateView(modal)).toEqual([]);
  expect(validateView({ ...modal, title: plain(25) }).map(spell)).toEqual([
    '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
  ]);
  expect(validateView({ ...modal, submit: undefined }).map(spell)).toEqual(['[ERROR] missing required field: submit [json-pointer:/view]']);
  expect(validateView({ ...modal, private_metadata: 'x'.repeat(3001) }).map(spell)).toEqual([
    '[ERROR] must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ]);
});
