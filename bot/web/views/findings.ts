import { confidenceWords } from '../../../blocks/words.ts';
import type { Finding } from '../../../workflows/contracts/finding.ts';
import { type Html, html } from '../html.ts';
import { outside, short } from './parts.ts';

function edge({ observation, relation, excerpt }: Finding['edges'][number]): Html {
  const what = relation === 'supports' ? 'Supported by' : 'Contradicted by';
  return html`<li>${what} <a href="/observations/${observation}">${short(observation)}</a>: <q>${outside(excerpt)}</q></li>`;
}

function finding(one: Finding): Html {
  const { kind, namespace, name, site } = one.entity;
  return html`<article class="panel" id="finding-${one.id}"><h3>${outside(one.title)}</h3>
<p>${outside(one.mechanism)}</p>
<p class="quiet">${confidenceWords(one.confidence)} · ${outside(`${kind} ${namespace === null ? '' : `${namespace}/`}${name} on ${site}`)} · <code>${one.cause}</code></p>
<ul>${one.edges.map(edge)}</ul><p>What would refute it: ${outside(one.refutedBy)}</p></article>`;
}

/** The likeliest first. */
export function findings(found: readonly Finding[]): Html {
  if (found.length === 0) return html`<p class="none">Nothing was found so far.</p>`;
  return html`${found.toSorted((one, other) => other.confidence - one.confidence).map(finding)}`;
}
