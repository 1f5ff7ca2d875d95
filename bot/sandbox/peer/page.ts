import { escapeHtml } from '../../web/html.ts';

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 1.5rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 0 0 .25rem; } .note { margin: .25rem 0 1.5rem; }
article { border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.tag { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; margin: 0 .35rem .35rem 0; font-size: .875rem; }
ol { padding: 0; margin: .75rem 0 0; list-style: none; } li { border-top: 1px solid color-mix(in srgb, CanvasText 15%, Canvas); padding: .5rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; } time { font-size: .875rem; opacity: .8; }
`;

/** What is new comes by itself, save while somebody stands in a field or has typed into one. Without script there is the link. */
const script = `
const state = document.getElementById('state');
const inUse = () =>
  document.activeElement?.matches('main *') === true ||
  [...document.querySelectorAll('main input')].some((field) => field.type !== 'hidden' && field.value !== field.defaultValue);
async function update() {
  if (inUse()) return;
  const response = await fetch(location.href);
  if (!response.ok) throw new Error('it answers with ' + response.status);
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
  const main = document.querySelector('main');
  if (fresh !== null && !inUse() && !main.isEqualNode(fresh)) main.replaceWith(document.importNode(fresh, true));
}
setInterval(async () => {
  const said = await update().then(() => '', () => 'It does not answer now: this page stands still.');
  if (state.textContent !== said) state.textContent = said;
}, 3000);
`;

/** A whole page. `body` is HTML; the other arguments are text. */
export function page(title: string, note: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`;
  const header = `<header><h1>${escapeHtml(title)}</h1><p class="note">${escapeHtml(note)} <a href="">Reload</a> <span id="state" role="status"></span></p></header>`;
  return `<!doctype html><html lang="en"><head>${head}<title>${escapeHtml(title)}</title><style>${style}</style><script type="module">${script}</script></head><body>${header}<main>${body}</main></body></html>`;
}

/** An instant in words of its own; the rest stays. */
function readable(at: string): string {
  return at.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/, '$1 $2 UTC');
}

/** One thing with its tags and what was said about it, as HTML. All arguments but `actions` (HTML) are text. */
export function card(
  heading: string,
  tags: readonly string[],
  text: string,
  entries: readonly { readonly at: string; readonly text: string }[],
  actions = '',
): string {
  const list = entries
    .map((entry) => `<li><time>${escapeHtml(readable(entry.at))}</time><pre>${escapeHtml(entry.text)}</pre></li>`)
    .join('');
  const labels = tags.map((tag) => `<span class="tag">${escapeHtml(tag)}</span>`).join('');
  return `<article><h2>${escapeHtml(heading)}</h2><div>${labels}</div><pre>${escapeHtml(text)}</pre>${actions}${list === '' ? '' : `<ol>${list}</ol>`}</article>`;
}
