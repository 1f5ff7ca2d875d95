import type { RightsQuestion } from '../system.ts';
import { kubectl } from './kubectl.ts';

/** `pods.metrics.k8s.io   []   []   [get list]`: resources, URLs, names, verbs. */
const line = /^(\S*)\s+\[(.*?)\]\s+\[(.*?)\]\s+\[(.*?)\]\s*$/;

function rightOf(text: string): readonly string[] {
  const [, resource = '', , names = '', verbs = ''] = line.exec(text) ?? [];
  if (resource === '' || verbs === '') return [];
  return [`${verbs.replaceAll(' ', ', ')} ${resource}${names === '' ? '' : ` named ${names}`}`];
}

/** A SelfSubjectRulesReview: what holds in the namespace `default`, or everywhere. */
export const rights: readonly RightsQuestion[] = [
  {
    command: (site) => kubectl(site, ['auth', 'can-i', '--list', '--no-headers', '--namespace=default']),
    parse: ({ stdout }) => stdout.split('\n').flatMap(rightOf),
  },
];
