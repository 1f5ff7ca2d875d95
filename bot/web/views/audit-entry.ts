import { canonicalJson } from '../../../tools/canonical.ts';
import type { ProofAnswer } from '../../api/audit-shapes.ts';
import { headlineOf } from '../../mirrors/words.ts';
import type { AuditEntry } from '../../store/audit-list.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { block, facts, json, nothing, outside, section, time } from './parts.ts';

export interface EntryPage {
  readonly entry: AuditEntry;
  /** As it is hashed: RFC 8785. */
  readonly bytes: string;
  /** Null: no checkpoint covers it yet. */
  readonly proof: ProofAnswer | null;
  /** Verifier keys that the log names. */
  readonly keys: readonly string[];
}

/** What the browser checks, as it is: `outside` would change what is hashed. */
function words({ disclosures }: AuditEntry): Html {
  const fields = Object.entries(disclosures).map(
    ([field, { salt, value }]) =>
      html`<li data-field="${field}" data-salt="${salt}" data-value="${canonicalJson(value)}"><code>${field}</code></li>`,
  );
  if (fields.length === 0) return nothing;
  return html`<details><summary>Words that the entry commits to: ${fields.length}</summary><p>The log holds SHA-256(salt, words) of each, so that words may be erased one day without a break in the log.</p><ul id="proof-words">${fields}</ul></details>`;
}

function proofOf({ entry, bytes, proof, keys }: EntryPage): Html {
  if (proof === null)
    return html`<p>It has no proof yet: entries get their place and a signed checkpoint within seconds. Load the page again.</p>`;
  const { seq, leafIndex, treeSize, leaf, hashes, checkpoint } = proof;
  return html`<div id="proof" data-body="${bytes}" data-leaf="${leaf}" data-index="${leafIndex}" data-size="${treeSize}" data-hashes="${hashes.join(' ')}" data-note="${checkpoint}">
<form class="ask" id="proof-form"><label>Key of the log (as c2sp.org/signed-note writes it; take it from somewhere that you trust: here stands what this server says)<input id="proof-key" value="${keys.at(-1) ?? ''}" spellcheck="false" autocomplete="off"></label>
<div><button id="proof-check" hidden>Check it in this browser</button></div></form>
<div role="status"><ol id="proof-result"></ol></div><noscript><p>With scripts on, your browser checks this itself.</p></noscript></div>
${facts([
  ['Place', String(seq)],
  ['Entries in the signed log', String(treeSize)],
  ['Hash of the leaf', html`<code>${leaf}</code>`],
])}
${words(entry)}
<details><summary>The entry as it is hashed</summary>${block('The entry as it is hashed', bytes)}</details>
<details><summary>Path to the root: ${hashes.length} hashes</summary><ol>${hashes.map((hash) => html`<li><code>${hash}</code></li>`)}</ol></details>
<details><summary>Signed checkpoint</summary>${block('Signed checkpoint', checkpoint)}</details>
<p class="quiet">Without this server: <code>watchkeeper audit export</code>, then <code>watchkeeper audit verify</code> with the key of the log.</p>`;
}

export function entryView(page: EntryPage): View {
  const { body, data, seq } = page.entry;
  const link = (path: string, id: string | null) => (id === null ? 'none' : html`<a href="/${path}/${encodeURIComponent(id)}">${id}</a>`);
  const shown = html`${facts([
    ['Place', seq === null ? 'none yet' : String(seq)],
    ['At (UTC)', time(body.at)],
    ['Who', outside(`${body.actor.kind}:${body.actor.id}`)],
    ['What', html`<code>${body.kind}</code>`],
    ['Incident', link('incidents', body.incidentId)],
    ['Plan', link('plans', body.planId)],
    ['Decision', html`<code>${body.id}</code>`],
  ])}
${section('data', 'What was recorded', json('What was recorded', data))}
${section('proof-of', 'Proof', proofOf(page))}`;
  return { title: headlineOf(body.kind, data), section: '/audit', body: shown, scripts: ['proof.js'] };
}
