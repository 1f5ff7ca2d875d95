import { z } from 'zod';
import { accessory, actionElement, button, contextElement, feedbackButtons, iconButton, image, inputElement } from './elements.ts';
import { anyText, blockId, mrkdwn, plainText, richText, slackFile } from './parts.ts';

/** Blocks and their limits: https://docs.slack.dev/reference/block-kit/blocks. One strict shape per type; unknown properties are refused, as Slack does. */

const header = z.strictObject({
  type: z.literal('header'),
  block_id: blockId,
  text: plainText(150),
  level: z.int().min(1).max(4).optional(),
});

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, { params: { missing: 'text' } });

const context = z.strictObject({ type: z.literal('context'), block_id: blockId, elements: z.array(contextElement).min(1).max(10) });
const actions = z.strictObject({ type: z.literal('actions'), block_id: blockId, elements: z.array(actionElement).min(1).max(25) });
const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });

const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    alt_text: z.string().min(1).max(2000),
    image_url: z.string().max(3000).optional(),
    slack_file: slackFile.optional(),
    title: plainText(2000).optional(),
  })
  .refine((block) => (block.image_url === undefined) !== (block.slack_file === undefined), { params: { missing: 'image_url' } });

const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

const markdown = z.strictObject({ type: z.literal('markdown'), block_id: blockId, text: z.string().min(1).max(12_000) });
const alert = z.strictObject({
  type: z.literal('alert'),
  block_id: blockId,
  text: anyText(200),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

const source = z.strictObject({ type: z.literal('url'), url: z.string().max(3000), text: z.string().min(1) });
const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: blockId,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']).optional(),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(source).optional(),
});
/** Tasks inside a plan may leave out their type. */
const planTask = taskCard.extend({ type: z.literal('task_card').optional() });
const plan = z.strictObject({
  type: z.literal('plan'),
  block_id: blockId,
  title: z.string().min(1),
  tasks: z.array(planTask).max(50).optional(),
});

const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  block_id: blockId,
  elements: z
    .array(z.discriminatedUnion('type', [feedbackButtons, iconButton]))
    .min(1)
    .max(5),
});

const card = z
  .strictObject({
    type: z.literal('card'),
    block_id: blockId,
    hero_image: image.optional(),
    icon: image.optional(),
    title: anyText(150).optional(),
    subtitle: anyText(150).optional(),
    body: anyText(200).optional(),
    actions: z.array(button).min(1).max(3).optional(),
  })
  .refine((block) => [block.hero_image, block.title, block.body, block.actions].some((part) => part !== undefined), {
    params: { missing: 'title' },
  });
const carousel = z.strictObject({ type: z.literal('carousel'), block_id: blockId, elements: z.array(card).min(1).max(10) });

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string() });
const rawNumber = z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().optional() });
const actionCell = z.strictObject({ type: z.literal('action_cell'), element: button, fallback: rawText });
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText]);
const columnSetting = z.strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() });
const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z.array(columnSetting.nullable()).max(20).optional(),
});
const dataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: blockId,
  caption: z.string().min(1),
  rows: z
    .array(
      z
        .array(z.discriminatedUnion('type', [rawText, rawNumber, richText, actionCell]))
        .min(1)
        .max(20),
    )
    .min(1)
    .max(201),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
});

/** Titles and kinds of charts are checked; the points of a series are not. */
const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: blockId,
  title: z.string().min(1).max(50),
  chart: z.looseObject({ type: z.enum(['line', 'area', 'bar', 'pie']) }),
});

const video = z.looseObject({
  type: z.literal('video'),
  alt_text: z.string(),
  title: plainText(199),
  thumbnail_url: z.string(),
  video_url: z.string(),
});
const file = z.strictObject({ type: z.literal('file'), block_id: blockId, external_id: z.string(), source: z.literal('remote') });

const container = z.strictObject({
  type: z.literal('container'),
  block_id: blockId,
  title: plainText(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: z.union([plainText(150), mrkdwn(150)]).optional(),
  icon: image.optional(),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
  child_blocks: z
    .array(z.discriminatedUnion('type', [header, section, context, actions, divider, imageBlock, markdown, richText, table]))
    .min(1)
    .max(10),
});

const everywhere = { header, section, context, actions, divider, image: imageBlock, rich_text: richText, input, video, file };
const inMessages = { markdown, plan, task_card: taskCard, context_actions: contextActions };

/** Which blocks may appear where, each with its shape. */
export const shapes = {
  message: { ...everywhere, ...inMessages, card, carousel, container, table, data_table: dataTable, data_visualization: dataVisualization },
  modal: { ...everywhere, alert, card },
  home: { ...everywhere, card, carousel, container, table, data_table: dataTable, data_visualization: dataVisualization },
} as const satisfies Record<string, Record<string, z.ZodType>>;

export type Surface = keyof typeof shapes;

/** https://docs.slack.dev/reference/block-kit/blocks: 50 in a message, 100 in a view. */
export const blockLimit: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
