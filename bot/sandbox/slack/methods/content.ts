import { flag, optionalText } from '../arguments.ts';
import { spell } from '../blocks/problems.ts';
import { validateBlocks } from '../blocks/validate.ts';
import { SlackRefusal } from '../errors.ts';
import { withBlockIds } from '../posting.ts';
import { findFile } from '../store/files.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';

const textLimit = 40_000;
const markdownLimit = 12_000;

/** Files that blocks refer to must have been uploaded. */
function checkFiles(workspace: Workspace, blocks: readonly Json[]): void {
  for (const [index, block] of blocks.entries()) {
    const file = block['slack_file'] as Json | undefined;
    if (typeof file?.['id'] !== 'string') continue;
    if ((findFile(workspace.database, file['id'])?.content ?? null) === null)
      throw refused([`[ERROR] invalid slack file [json-pointer:/blocks/${index}/slack_file]`]);
  }
}

function refused(messages: readonly string[]): SlackRefusal {
  return new SlackRefusal('invalid_blocks', messages, { errors: messages });
}

/** The blocks of a message, checked and given ids. Refuses with `invalid_blocks`, every reason listed. */
export function messageBlocks(workspace: Workspace, blocks: unknown): Json[] {
  const problems = validateBlocks(blocks, 'message', workspace.unsupported.blocks);
  if (problems.length > 0) throw refused(problems.map(spell));
  const checked = blocks as Json[];
  checkFiles(workspace, checked);
  return withBlockIds(checked);
}

function checkMetadata(metadata: unknown): void {
  if (metadata === undefined) return;
  const given = metadata as Json | null;
  const event = typeof given?.['event_type'] === 'string' && typeof given['event_payload'] === 'object';
  if (!event && !Array.isArray(given?.['entities'])) throw new SlackRefusal('invalid_metadata_format');
}

function textOf(args: Json): { text: string | undefined; warning?: string } {
  const text = optionalText(args, 'text');
  if (text === undefined || text.length <= textLimit) return { text };
  return { text: text.slice(0, textLimit), warning: 'message_truncated' };
}

function markdownOf(args: Json): Json[] | undefined {
  const markdown = optionalText(args, 'markdown_text');
  if (markdown === undefined) return undefined;
  if (args['blocks'] !== undefined || args['text'] !== undefined) throw new SlackRefusal('markdown_text_conflict');
  if (markdown.length > markdownLimit) throw new SlackRefusal('msg_too_long');
  return [{ type: 'markdown', text: markdown }];
}

export interface Content {
  /** Only what the call named. */
  readonly body: Json;
  readonly warning?: string;
}

/** Text, blocks, attachments and metadata of a call that writes a message. */
export function contentOf(workspace: Workspace, args: Json): Content {
  const { text, warning } = textOf(args);
  const markdown = markdownOf(args);
  const blocks = markdown ?? (args['blocks'] === undefined ? undefined : messageBlocks(workspace, args['blocks']));
  checkMetadata(args['metadata']);
  const body: Json = {
    ...(text === undefined ? {} : { text }),
    ...(markdown === undefined ? {} : { text: args['markdown_text'] }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(args['attachments'] === undefined ? {} : { attachments: args['attachments'] }),
    ...(args['metadata'] === undefined ? {} : { metadata: args['metadata'] }),
  };
  return warning === undefined ? { body } : { body, warning };
}

/** A message that shows nothing is refused with `no_text`. */
export function requireSomething(body: Json): void {
  const list = (key: string) => Array.isArray(body[key]) && body[key].length > 0;
  if (body['text'] === undefined && !list('blocks') && !list('attachments')) throw new SlackRefusal('no_text');
}

/** Options that Slack follows and does not give back. */
export function flagsOf(args: Json): Json {
  const named = ['unfurl_links', 'unfurl_media', 'mrkdwn', 'reply_broadcast'].filter((key) => args[key] !== undefined);
  return Object.fromEntries(named.map((key) => [key, flag(args, key)]));
}

/** As an answer: a warning is named twice, as Slack does. */
export function withWarning(answer: Json, warning: string | undefined): Json {
  return warning === undefined ? answer : { ...answer, warning, response_metadata: { warnings: [warning] } };
}
