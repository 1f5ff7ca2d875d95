import { expect, it } from 'vitest';
import { Template } from './objects.ts';
import { fieldsBesideImages } from './template-fields.ts';

const container = { name: 'web', image: 'web:1', env: [{ name: 'MODE', value: 'fast' }], resources: {} };
const template = (spec: object = {}, metadata: object = { labels: { app: 'web' } }) =>
  Template.parse({ metadata, spec: { containers: [container], ...spec } });

it.each([
  ['its image', template({ containers: [{ ...container, image: 'web:2' }] }), []],
  [
    'what a server, a controller and a restart write',
    template(
      { containers: [{ ...container, resources: undefined, args: null }], $patch: 'replace' },
      {
        labels: { app: 'web', 'pod-template-hash': 'x' },
        annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-02T03:04:05Z' },
        creationTimestamp: null,
      },
    ),
    [],
  ],
  [
    'a value of its environment',
    template({ containers: [{ ...container, env: [{ name: 'MODE', value: 's3cret' }] }] }),
    ['env of container web'],
  ],
  [
    'the order of what is listed',
    template({ containers: [{ ...container, env: [...container.env, { name: 'A' }] }] }),
    ['env of container web'],
  ],
  ['another container', template({ containers: [container, { name: 'proxy', image: 'p:1' }] }), ['container proxy']],
  ['one that comes before', template({ initContainers: [{ name: 'init', image: 'i:1' }] }), ['container init']],
  ['volumes, and where it runs', template({ volumes: [{ name: 'v' }], nodeSelector: { a: 'b' } }), ['nodeSelector', 'volumes']],
  ['labels and annotations', template({}, { labels: { app: 'api' }, annotations: { sum: '1' } }), ['label app', 'annotation sum']],
])('a template of which %s is another differs in that', (_, other, words) => {
  expect(fieldsBesideImages(template(), other)).toEqual(words);
  expect(fieldsBesideImages(other, template())).toEqual(words);
});
