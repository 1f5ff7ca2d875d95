import type { FastifyReply } from 'fastify';
import { visible } from '../../blocks/escape.ts';
import { assetUrl } from './assets.ts';
import { type Html, html } from './html.ts';
import { outside } from './views/parts.ts';

/** Own files only: no inline script or style, nothing from elsewhere, no frame around it. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const sections = [
  ['/', 'Incidents'],
  ['/approvals', 'Approvals'],
  ['/audit', 'Audit'],
  ['/policy', 'Policy'],
  ['/playbooks', 'Playbooks'],
  ['/tools', 'Tools'],
  ['/outbox', 'Outbox'],
  ['/llm', 'Model'],
  ['/settings', 'Settings'],
] as const;

export type Section = (typeof sections)[number][0] | '/me';

/** Who looks, as the head of each page says; null: nobody who is signed in. */
export interface Viewer {
  readonly name: string;
  /** Of the session's forms. */
  readonly token: string;
}

export interface View {
  readonly title: string;
  /** What stands beside the title. */
  readonly aside?: Html;
  readonly body: Html;
  /** Which entry of the navigation it is; absent: none. */
  readonly section?: Section;
  /** Names of modules in bot/web/static. */
  readonly scripts?: readonly string[];
  /** Names of style sheets besides the one that every page has. */
  readonly styles?: readonly string[];
  /** Said at the top, as what has just been done. */
  readonly notice?: string | null;
  readonly status?: number;
  /** Goes on there at once, without script. */
  readonly onward?: string;
  /** It is for nobody any more. */
  readonly signedOut?: true;
}

function navigation(current: Section | undefined): Html {
  const items = sections.map(
    ([href, name]) => html`<li><a href="${href}"${href === current ? html` aria-current="page"` : html``}>${name}</a></li>`,
  );
  return html`<nav aria-label="Main"><ul>${items}</ul></nav>`;
}

function top(viewer: Viewer | null, current: Section | undefined): Html {
  if (viewer === null) return html`<header class="top"><a class="brand" href="/">Watchkeeper</a></header>`;
  const me = html`<a class="me" href="/me"${current === '/me' ? html` aria-current="page"` : html``}>${outside(viewer.name)}</a>`;
  return html`<header class="top"><a class="brand" href="/">Watchkeeper</a>${navigation(current)}${me}</header>`;
}

function notice(text: string | null | undefined): Html {
  return text === null || text === undefined ? html`` : html`<p class="notice" role="status">${text}</p>`;
}

/** A whole document. */
export function layout(view: View, viewer: Viewer | null): string {
  const scripts = (view.scripts ?? []).map((name) => html`<script type="module" src="${assetUrl(name)}"></script>`);
  const styles = ['style.css', ...(view.styles ?? [])].map((name) => html`<link rel="stylesheet" href="${assetUrl(name)}">`);
  const refresh = view.onward === undefined ? html`` : html`<meta http-equiv="refresh" content="0;url=${view.onward}">`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">${refresh}<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${visible(view.title)} · Watchkeeper</title><link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">${styles}${scripts}</head>
<body><a class="skip" href="#main">Skip to the content</a>
${top(viewer, view.section)}
<main id="main" tabindex="-1"><div class="title"><h1>${outside(view.title)}</h1>${view.aside ?? html``}</div>
${notice(view.notice)}${view.body}
</main></body></html>`.html;
}

export function sendView(reply: FastifyReply, view: View, viewer: Viewer | null): FastifyReply {
  return reply
    .code(view.status ?? 200)
    .headers({
      'content-security-policy': pagePolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(layout(view, viewer));
}
