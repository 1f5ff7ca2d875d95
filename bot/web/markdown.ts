import { micromark } from 'micromark';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import type { Html } from './html.ts';

type Options = NonNullable<Parameters<typeof micromark>[1] & object>;
type HtmlExtension = NonNullable<Options['htmlExtensions']>[number];

/** HTML in the text stays text, and no picture is fetched from elsewhere. */
const less = { disable: { null: ['htmlFlow', 'htmlText', 'labelStartImage'] } };

/** A box that nobody can tick would only be in the way of the keyboard. */
const ticks: HtmlExtension = {
  exit: {
    taskListCheckValueChecked() {
      this.raw('☑');
    },
    taskListCheckValueUnchecked() {
      this.raw('☐');
    },
  },
};

/** CommonMark with task lists. Whatever it says, only text, its structure and links to http, https and mailto come of it. */
export function markdown(text: string): Html {
  return { html: micromark(text, { extensions: [gfmTaskListItem(), less], htmlExtensions: [ticks] }) };
}
