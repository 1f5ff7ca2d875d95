import { expect, test } from 'vitest';
import type { Similar } from '../workflows/contracts/memory.ts';
import { findingsMessage } from './findings.ts';
import { finding, links, readable } from './testing.ts';

test('a finding shows its confidence in words, its entity, how it works, its evidence and what would refute it', () => {
  expect(
    readable(findingsMessage({ incidentId: 'i', findings: [finding], gaps: ['logs of checkout: forbidden'] }, links)),
  ).toMatchInlineSnapshot(`
    "1 finding
    *The image of checkout cannot be pulled*: very likely (94%)
    Deployment \`shop/checkout\` on prod-eu
    Revision 3 names an image that the registry does not have, so new pods never start.
    • supports <https://wk.example/observations/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|aaaaaaaaaaaa>: ErrImagePull: shop/checkout:1.9.0 not found
    Would be refuted by: A pod of revision 3 that runs.
    *Not seen:*
    • logs of checkout: forbidden"
  `);
});

test('what changed before it is listed with its reason and its source; what leads nowhere safe is no link', () => {
  const change = {
    ...{ observation: 'c'.repeat(64), subject: 'repository acme/shop', because: '4 minutes before the first symptom, of itself' },
    ...{ score: 0.8, at: '2026-01-01T10:00:00.000Z' },
  };
  const changes = [
    { ...change, words: '#7 <!channel> was merged', url: 'https://github.test/acme/shop/pull/7' },
    { ...change, words: 'revision 3 of web', url: null },
    { ...change, words: 'x', url: 'javascript:alert(1)' },
  ];
  const text = readable(findingsMessage({ incidentId: 'i', findings: [{ ...finding, changes }], gaps: [] }, links));
  const [, first, second, third] = text.slice(text.indexOf('Changed before it:')).split('\n');
  expect(first).toBe(
    '• #7 &lt;!channel&gt; was merged (4 minutes before the first symptom, of itself): <https://github.test/acme/shop/pull/7|open>',
  );
  expect(second).toContain('<https://wk.example/observations/cccc');
  expect(third).not.toContain('<');
});

test('nothing found is said plainly, with what was not seen', () => {
  expect(readable(findingsMessage({ incidentId: 'i', findings: [], gaps: ['metrics: unreachable'] }, links))).toMatchInlineSnapshot(`
    "No cause is known. Not everything could be looked at, so this is no all-clear.
    *Not seen:*
    • metrics: unreachable"
  `);
});

test('the most likely comes first', () => {
  const view = findingsMessage(
    {
      incidentId: 'i',
      findings: [
        { ...finding, title: 'less', confidence: 0.2 },
        { ...finding, title: 'more' },
      ],
      gaps: [],
    },
    links,
  );
  expect(view.text).toBe('2 findings: more');
});

test('similar incidents stand below the findings, with their outcome, and say that they prove nothing', () => {
  const one: Similar = {
    ...{ incidentId: 'inc-0', title: 'cart dies', service: 'cart', site: 'shop', causes: [], entities: [], operations: [] },
    ...{ cause: 'cart is killed for its memory', fix: 'Raise the memory limit', at: '2026-01-01T10:00:00.000Z' },
    outcome: 'rolled_back',
    because: ['same cause'],
  };
  const text = readable(findingsMessage({ incidentId: 'i', findings: [finding], gaps: [], similar: [one] }, links));
  expect(text.slice(text.indexOf('*Similar'))).toBe(
    [
      '*Similar incidents before:*',
      '• <https://wk.example/incidents/inc-0|2026-01-01> cart dies',
      '   was: cart is killed for its memory; done: Raise the memory limit: it did not help, and was undone (same cause)',
      'From memory, to compare with: it proves nothing here, and changes no finding.',
    ].join('\n'),
  );
});
