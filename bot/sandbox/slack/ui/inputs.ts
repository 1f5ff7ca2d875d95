import type { Json } from '../types.ts';

export interface Found {
  readonly blockId: string;
  readonly element: Json;
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function elementsOf(block: Json): Json[] {
  switch (block['type']) {
    case 'actions':
    case 'context_actions':
      return listOf(block['elements']);
    case 'section':
      return block['accessory'] === undefined ? [] : [block['accessory'] as Json];
    case 'input':
      return [block['element'] as Json];
    case 'card':
      return listOf(block['actions']);
    default:
      return [];
  }
}

/** Every interactive element of some blocks, those inside containers and carousels too. */
export function interactiveElements(blocks: unknown): Found[] {
  return listOf(blocks).flatMap((block) => [
    ...elementsOf(block).map((element) => ({ blockId: String(block['block_id']), element })),
    ...interactiveElements(block['child_blocks']),
    ...(block['type'] === 'carousel' ? interactiveElements(block['elements']) : []),
  ]);
}

function optionsOf(element: Json): Json[] {
  return [...listOf(element['options']), ...listOf(element['option_groups']).flatMap((group) => listOf(group['options']))];
}

/** The named options of an element. Answers undefined where a value is not among them. */
function chosen(element: Json, values: readonly string[]): Json[] | undefined {
  const found = values.map((value) => optionsOf(element).find((option) => option['value'] === value));
  return found.some((option) => option === undefined) ? undefined : (found as Json[]);
}

const plainFields: Readonly<Record<string, string>> = {
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};
const single = new Set(['static_select', 'radio_buttons', 'overflow']);
const multiple = new Set(['multi_static_select', 'checkboxes']);

/** What was put into an element, in the shape of an action or of `state.values`; undefined for a choice that is not offered. */
export function elementState(element: Json, value: unknown): Json | undefined {
  const type = String(element['type']);
  if (multiple.has(type)) {
    const options = chosen(element, listOf(value).map(String));
    return options === undefined ? undefined : { type, selected_options: options };
  }
  const text = typeof value === 'string' && value !== '' ? value : null;
  if (single.has(type)) {
    const options = text === null ? [] : chosen(element, [text]);
    return options === undefined ? undefined : { type, selected_option: options[0] ?? null };
  }
  const field = plainFields[type];
  return field === undefined ? { type, value: text } : { type, [field]: text };
}

/** What an element shows before anybody touches it. */
export function initialValue(element: Json): string | string[] {
  const options = element['initial_options'];
  if (Array.isArray(options)) return (options as Json[]).map((option) => String(option['value']));
  const option = element['initial_option'] as Json | undefined;
  const named = ['initial_value', 'initial_user', 'initial_channel', 'initial_date', 'initial_time'].map((key) => element[key]);
  return String(option?.['value'] ?? named.find((value) => typeof value === 'string') ?? '');
}

export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function problemOf(block: Json | undefined, element: Json, value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.join() : String(value ?? '');
  if (text === '') return block?.['type'] === 'input' && block['optional'] !== true ? 'Please complete this required field.' : undefined;
  const longest = Number(element['max_length'] ?? 3000);
  if (text.length > longest) return `Please use at most ${longest} characters.`;
  const shortest = Number(element['min_length'] ?? 0);
  return text.length < shortest ? `Please use at least ${shortest} characters.` : undefined;
}

/** The state of a view as Slack sends it, and what Slack itself would mark as wrong before it sends anything, by block id. */
export function viewState(view: Json, values: Values): { state: Json; errors: Record<string, string> } {
  const blocks = listOf(view['blocks']);
  const state: Record<string, Json> = {};
  const errors: Record<string, string> = {};
  for (const { blockId, element } of interactiveElements(blocks)) {
    const actionId = String(element['action_id']);
    if (element['type'] === 'button') continue;
    const value = values[blockId]?.[actionId] ?? initialValue(element);
    const entry = elementState(element, value);
    const problem =
      entry === undefined
        ? 'Please choose one of the options.'
        : problemOf(
            blocks.find((block) => block['block_id'] === blockId),
            element,
            value,
          );
    if (problem !== undefined) errors[blockId] = problem;
    state[blockId] = { ...state[blockId], [actionId]: entry };
  }
  return { state: { values: state }, errors };
}
