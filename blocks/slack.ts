import type { types } from '@slack/bolt';

/** Block Kit as Slack publishes it; https://docs.slack.dev/reference/block-kit */
export type Block = types.KnownBlock;
export type Modal = types.ModalView;
export type Home = types.HomeView;
export type Button = types.Button;
export type RichTextElement = types.RichTextElement;
export type RichTextPart = types.RichTextBlock['elements'][number];

/** A message: `text` is what notifications and screen readers get, `blocks` what is seen. */
export interface MessageView {
  readonly text: string;
  readonly blocks: readonly Block[];
}
