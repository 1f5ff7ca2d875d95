import { visible } from '../../../blocks/escape.ts';
import { type Html, html } from '../html.ts';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'quiet';

export const nothing: Html = html``;

/** In place of what is not there, in a table. */
export const none: Html = html`<span class="quiet one">none</span>`;

/** A state in words; the colour only repeats it. */
export function chip(text: string, tone: Tone): Html {
  return html`<span class="chip ${tone}">${text}</span>`;
}

/** In UTC, to the second. */
export function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)}</time>`;
}

export function timeOr(iso: string | null, otherwise: string): Html {
  return iso === null ? html`<span class="quiet">${otherwise}</span>` : time(iso);
}

/** `[redacted:password:0123abcd]` */
const redaction = /\[redacted:[a-z0-9-]+:[0-9a-f]{8}\]/g;

/** Text from outside: what a reader could not see is written out, and what was masked is marked as that. */
export function outside(text: string): Html {
  const shown = visible(text);
  const parts: Html[] = [];
  let from = 0;
  for (const { 0: mark, index } of shown.matchAll(redaction)) {
    parts.push(
      html`${shown.slice(from, index)}`,
      html`<mark title="Masked before it was stored; equal marks stand for equal values">${mark}</mark>`,
    );
    from = index + mark.length;
  }
  return html`${[...parts, html`${shown.slice(from)}`]}`;
}

/** A block of text from outside, which scrolls by itself. `label`: what it is. */
export function block(label: string, text: string): Html {
  return html`<pre class="block" tabindex="0" role="group" aria-label="${label}">${outside(text)}</pre>`;
}

export function json(label: string, value: unknown): Html {
  return block(label, JSON.stringify(value, null, 2) ?? 'null');
}

/** Enough of a hash to tell two apart by eye; the whole is in its title. */
export function short(hash: string): Html {
  return html`<code title="${hash}">${hash.slice(0, 12)}</code>`;
}

/** On one line, whatever the width. */
export function oneLine(content: Html | string): Html {
  return html`<span class="one">${content}</span>`;
}

/** A name in a table: not broken unless it is very long. */
export function named(name: string): Html {
  return name.length <= 40 ? oneLine(outside(name)) : outside(name);
}

/** The end of an id, which tells two apart by eye, as a link; the whole is in its title. */
export function idLink(path: string, id: string): Html {
  return html`<a class="one" href="/${path}/${encodeURIComponent(id)}" title="${id}">${id.slice(-6)}</a>`;
}

/** To the entry of the audit log that records it; nothing where there is none. `what`: for those who hear the link alone. */
export function proofLink(entry: string | undefined, what: string): Html {
  return entry === undefined ? nothing : html`<a href="/audit/entries/by-id/${entry}" aria-label="Proof of ${what}">Proof</a>`;
}

/** Term and description by turns. */
export function facts(pairs: readonly (readonly [string, Html | string])[]): Html {
  return html`<dl class="facts">${pairs.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (Html | string)[])[];
  /** Said in place of the table when there are no rows. */
  readonly none: string;
}

/** On a phone each row is a block, in which every cell says what it is. */
export function table({ caption, head, rows, none }: Table): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const cells = (row: Table['rows'][number]) => row.map((cell, index) => html`<td data-head="${head[index] ?? ''}">${cell}</td>`);
  return html`<table><caption class="hidden">${caption}</caption><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody></table>`;
}

export function section(id: string, title: string, body: Html, live = false): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"${live ? html` data-live` : nothing}><h2 id="${id}-title">${title}</h2>
${body}</section>`;
}

/** What a page with this query is called: unset parts are left out. */
export function address(path: string, query: Readonly<Record<string, string | number | null | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** `first`: null on the first page; `next`: null on the last one. */
export function pager(first: string | null, next: string | null): Html {
  if (first === null && next === null) return nothing;
  return html`<nav class="pager" aria-label="Pages">${first === null ? nothing : html`<a href="${first}">First page</a>`}
${next === null ? html`<span class="quiet">This is the end.</span>` : html`<a href="${next}" rel="next">Next page</a>`}</nav>`;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function select(name: string, label: string, chosen: string, choices: readonly Choice[]): Html {
  const options = choices.map(
    ({ value, label: words }) => html`<option value="${value}"${value === chosen ? html` selected` : nothing}>${words}</option>`,
  );
  return html`<label>${label}<select name="${name}">${options}</select></label>`;
}

export function input(name: string, label: string, value: string, hint = ''): Html {
  return html`<label>${label}<input name="${name}" value="${value}" placeholder="${hint}" maxlength="200" autocomplete="off"></label>`;
}

/** A form that asks for a page. */
export function filters(path: string, fields: readonly Html[]): Html {
  return html`<form class="filters" method="get" action="${path}" role="search">${fields}<button>Filter</button> <a href="${path}">Clear</a></form>`;
}

/** The hidden field by which we know our own forms. */
export function tokenField(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}">`;
}
