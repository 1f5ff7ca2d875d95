import { confidenceWords } from '../../../blocks/words.ts';
import type { Finding } from '../../../workflows/contracts/finding.ts';
import { type Html, html } from '../html.ts';
import { nothing, outside, short } from './parts.ts';

function edge({ observation, relation, excerpt }: Finding['edges'][number]): Html {
  const what = relation === 'supports' ? 'Supported by' : 'Contradicted by';
  return html`<li>${what} <a href="/observations/${observation}">${short(observation)}</a>: <q>${outside(excerpt)}</q></li>`;
}

function change({ words, because, url, observation }: NonNullable<Finding['changes']>[number]): Html {
  const more = url !== null && /^https?:\/\//.test(url) ? html` · <a href="${url}" rel="noreferrer">open</a>` : nothing;
  return html`<li>${outside(words)} <span class="quiet">(${outside(because)})</span> <a href="/observations/${observation}">${short(observation)}</a>${more}</li>`;
}

function finding(one: Finding): Html {
  const { kind, namespace, name, site } = one.entity;
  const changes =
    one.changes === undefined ? nothing : html`<p>What changed before it, the likeliest first:</p><ul>${one.changes.map(change)}</ul>`;
  return html`<article class="panel" id="finding-${one.id}"><h3>${outside(one.title)}</h3>
<p>${outside(one.mechanism)}</p>
<p class="quiet">${confidenceWords(one.confidence)} · ${outside(`${kind} ${namespace === null ? '' : `${namespace}/`}${name} on ${site}`)} · <code>${one.cause}</code></p>
<ul>${one.edges.map(edge)}</ul>${changes}<p>What would refute it: ${outside(one.refutedBy)}</p></article>`;
}

/** The likeliest first. */
export function findings(found: readonly Finding[]): Html {
  if (found.length === 0) return html`<p class="none">Nothing was found so far.</p>`;
  return html`${found.toSorted((one, other) => other.confidence - one.confidence).map(finding)}`;
}
