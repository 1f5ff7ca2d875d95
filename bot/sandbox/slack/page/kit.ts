import { createElement as h, type ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message, type MessageProps } from 'slack-blocks-to-jsx';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';

const hooks: NonNullable<MessageProps['hooks']> = {
  link: ({ href, children }) =>
    /^(https?|mailto):/.test(href) ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, children) : h('span', null, children),
};

function namesOf(workspace: Workspace): NonNullable<MessageProps['data']> {
  const people = [...workspace.people, { id: workspace.app.botUserId, name: workspace.app.name }];
  return {
    users: people.map(({ id, name }) => ({ id, name })),
    channels: workspace.channels.map(({ id, name }) => ({ id, name })),
    user_groups: [],
  };
}

/**
 * The library repeats ids on every block and writes inline styles, which the page's policy forbids. Both are attributes of
 * its own tags: quotation marks in texts are escaped by React, so nothing that somebody wrote can match.
 */
function clean(markup: string): string {
  return markup.replaceAll(/ (?:id|style)="[^"]*"/g, '');
}

/** Blocks as slack-blocks-to-jsx shows them, without its style sheet: the page has one of its own. */
export function kit(workspace: Workspace, blocks: readonly Json[]): ReactElement {
  const message = h(Message, {
    blocks: blocks as unknown as Block[],
    withoutWrapper: true,
    unstyled: true,
    name: '',
    logo: '',
    data: namesOf(workspace),
    hooks,
  });
  const __html = clean(renderToStaticMarkup(message));
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the markup comes out of React's own renderer, which has escaped every text.
  return h('div', { className: 'kit', dangerouslySetInnerHTML: { __html } });
}
