import { expect, it } from 'vitest';
import { createPseudonyms } from './pseudonyms.ts';
import { Llm } from './settings.ts';

const names = () => createPseudonyms({ settings: Llm.parse({}).pseudonyms, people: [], key: new Uint8Array(32).fill(7) });

it.each(['2001:db8::1', 'fe80::1', 'fd00::10', '::1', '2001:db8:0:1:2:3:4:5', '::ffff:10.42.0.17', '10.42.0.17'])(
  '%s is hidden wherever it stands, and comes back',
  (address) => {
    const pseudonyms = names();
    const text = `dial tcp [${address}]:5432 from ${address}, ${address}/64 "${address}" and to ${address}: refused`;
    const hidden = pseudonyms.hide(text);
    expect(hidden).not.toContain(address);
    expect(hidden.match(/address-[0-9a-f]{10}/g)).toHaveLength(5);
    expect(pseudonyms.reveal(hidden)).toBe(text);
  },
);

it.each(['at 12:30:45 it failed', 'std::vec and a::b::c', 'image@sha256:abcd', '02:42:ac:11:00:02', 'key: value', '1.2.3'])(
  'what is no address stays: %s',
  (text) => expect(names().hide(text)).toBe(text),
);
