import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { json, section } from './parts.ts';

/** As the program reads its configuration: `file` without what is secret. */
export function settingsView(file: Readonly<Record<string, unknown>>): View {
  const parts = Object.entries(file).map(([name, value]) => section(`part-${name}`, name, json(`Section ${name}`, value)));
  const body = html`<p>What is in force, from <code>watchkeeper.yaml</code> and the defaults. It is changed in that file, and read at the start. Secrets are in the environment only, and not shown; of an address only its host is, since a path can be a secret too (<code>…</code> stands for it).</p>${parts}`;
  return { title: 'Settings', section: '/settings', body };
}
