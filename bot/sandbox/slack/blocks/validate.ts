import { z } from 'zod';
import type { Json } from '../types.ts';
import { plainText } from './parts.ts';
import { type Problem, problemsOf } from './problems.ts';
import { blockLimit, type Surface, shapes } from './shapes.ts';

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkBlock(block: unknown, pointer: string, surface: Surface, unsupported: readonly string[]): Problem[] {
  if (!isObject(block)) return [{ code: 'invalid_type', message: 'must provide an object', pointer }];
  const type = block['type'];
  if (typeof type !== 'string') return [{ code: 'missing_field', message: 'missing required field: type', pointer }];
  const known: Record<string, z.ZodType> = shapes[surface];
  const shape = Object.hasOwn(known, type) && !unsupported.includes(type) ? known[type] : undefined;
  if (shape === undefined) return [{ code: 'unsupported_type', message: `unsupported type: ${type}`, pointer: `${pointer}/type` }];
  // zod leaves the input out of issues unless asked; a missing field and a wrong one are worded differently.
  const parsed = shape.safeParse(block, { reportInput: true });
  return parsed.success ? [] : problemsOf(parsed.error, pointer);
}

function duplicates(values: readonly { id: unknown; pointer: string }[], what: string): Problem[] {
  const seen = new Set<unknown>();
  return values.flatMap(({ id, pointer }) => {
    if (id === undefined) return [];
    const repeated = seen.has(id);
    seen.add(id);
    return repeated ? [{ code: 'duplicate', message: `\`${what}\` ${String(id)} already exists`, pointer }] : [];
  });
}

function listOf(block: Json, key: string): Json[] {
  const list = block[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** Rules that span blocks: unique ids, shared budgets. */
function checkTogether(blocks: readonly Json[], base: string): Problem[] {
  const ofType = (type: string) => blocks.filter((block) => block['type'] === type);
  const markdown = ofType('markdown').reduce((sum, block) => sum + String(block['text'] ?? '').length, 0);
  const problems = [
    ...duplicates(
      blocks.map((block, index) => ({ id: block['block_id'], pointer: `${base}/${index}/block_id` })),
      'block_id',
    ),
    ...blocks.flatMap((block, index) => [
      ...duplicates(
        listOf(block, 'elements').map((element, at) => ({
          id: element['action_id'],
          pointer: `${base}/${index}/elements/${at}/action_id`,
        })),
        'action_id',
      ),
      ...duplicates(
        listOf(block, 'tasks').map((task, at) => ({ id: task['task_id'], pointer: `${base}/${index}/tasks/${at}/task_id` })),
        'task_id',
      ),
    ]),
  ];
  if (markdown > 12_000)
    problems.push({ code: 'too_long', message: 'markdown text must be less than 12001 characters in total', pointer: base });
  if (ofType('table').length > 1) problems.push({ code: 'too_many_items', message: 'only one table allowed', pointer: base });
  if (ofType('data_visualization').length > 2)
    problems.push({ code: 'too_many_items', message: 'no more than 2 data_visualization allowed', pointer: base });
  return problems;
}

function tableCharacters(blocks: readonly Json[], base: string): Problem[] {
  const budget: Readonly<Record<string, number>> = { table: 10_000, data_table: 20_000 };
  return blocks.flatMap((block, index) => {
    const limit = budget[String(block['type'])];
    if (limit === undefined || !Array.isArray(block['rows'])) return [];
    const length = block['rows']
      .flat()
      .reduce((sum: number, cell: unknown) => sum + (isObject(cell) ? String(cell['text'] ?? cell['value'] ?? '').length : 0), 0);
    return length > limit
      ? [{ code: 'too_long', message: `must be less than ${limit + 1} characters`, pointer: `${base}/${index}/rows` }]
      : [];
  });
}

/** Everything that Slack would refuse in `blocks`; an empty list means accepted. */
export function validateBlocks(blocks: unknown, surface: Surface, unsupported: readonly string[] = [], base = '/blocks'): Problem[] {
  if (!Array.isArray(blocks)) return [{ code: 'invalid_type', message: 'must provide an array', pointer: base }];
  const limit = blockLimit[surface];
  if (blocks.length > limit) return [{ code: 'too_many_items', message: `no more than ${limit} items allowed`, pointer: base }];
  const single = blocks.flatMap((block, index) => checkBlock(block, `${base}/${index}`, surface, unsupported));
  if (single.length > 0) return single;
  return [...checkTogether(blocks, base), ...tableCharacters(blocks, base)];
}

const viewParts = {
  blocks: z.unknown(),
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  external_id: z.string().max(255).optional(),
};
const modal = z.strictObject({
  type: z.literal('modal'),
  ...viewParts,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
});
const home = z.strictObject({ type: z.literal('home'), ...viewParts });

/** Everything that Slack would refuse in a modal or Home view. */
export function validateView(view: unknown, unsupported: readonly string[] = []): Problem[] {
  if (!isObject(view)) return [{ code: 'missing_field', message: 'missing required field: view', pointer: '' }];
  const type = view['type'];
  if (type !== 'modal' && type !== 'home')
    return [{ code: 'invalid_value', message: 'must be one of: modal, home', pointer: '/view/type' }];
  const parsed = (type === 'modal' ? modal : home).safeParse(view, { reportInput: true });
  const own = parsed.success ? [] : problemsOf(parsed.error, '/view');
  const blocks = validateBlocks(view['blocks'], type, unsupported, '/view/blocks');
  const inputs = Array.isArray(view['blocks']) && view['blocks'].some((block) => isObject(block) && block['type'] === 'input');
  const submit =
    type === 'modal' && inputs && view['submit'] === undefined
      ? [{ code: 'missing_field', message: 'missing required field: submit', pointer: '/view' }]
      : [];
  return [...own, ...blocks, ...submit];
}
