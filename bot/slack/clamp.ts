import type { Block, MessageView } from '../../blocks/slack.ts';

/** A placeholder may be longer than the secret that it stands for; a message over a limit would be refused whole. */
function cut<T extends { text: string }>(part: T, max: number): T {
  return part.text.length <= max ? part : { ...part, text: `${part.text.slice(0, max - 1).toWellFormed()}…` };
}

function clampBlock(block: Block): Block {
  if (block.type === 'header') return { ...block, text: cut(block.text, 150) };
  if (block.type === 'section' && block.text !== undefined) return { ...block, text: cut(block.text, 3000) };
  if (block.type === 'context')
    return { ...block, elements: block.elements.map((element) => ('text' in element ? cut(element, 3000) : element)) };
  return block;
}

/** Within Slack's limits: 50 blocks, 4,000 characters of fallback text (as Slack recommends), the limits of text blocks. */
export function clamp(view: MessageView): MessageView {
  return { text: cut({ text: view.text }, 4000).text, blocks: view.blocks.slice(0, 50).map(clampBlock) };
}
