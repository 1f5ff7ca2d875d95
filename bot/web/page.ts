import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 1.5rem; background: Canvas; color: CanvasText; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { font-weight: 600; } dd { margin: 0; }
button, .button { display: inline-block; font: inherit; padding: .5rem 1rem; min-height: 2.75rem; border: 1px solid currentColor; border-radius: .5rem; background: ButtonFace; color: ButtonText; cursor: pointer; text-decoration: none; box-sizing: border-box; }
.choices { display: grid; gap: .5rem; padding: 0; list-style: none; } .choices button { width: 100%; text-align: start; }
.note { border-inline-start: .25rem solid currentColor; padding-inline-start: .75rem; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** No script, nothing from elsewhere, no frame around it. `formTargets` besides the page's own origin. */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  const forms = ["'self'", ...formTargets].join(' ');
  return `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`;
}

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Goes on there at once, without script. */
  readonly onward?: string;
}

/** A whole document. */
export function page({ title, body, onward }: Page): string {
  const refresh = onward === undefined ? html`` : html`<meta http-equiv="refresh" content="0;url=${onward}">`;
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${refresh}<title>${title}</title>`;
  return html`<!doctype html>
<html lang="en"><head>${head}<style>${{ html: style }}</style></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>`.html;
}
