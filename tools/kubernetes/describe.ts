import { z } from 'zod';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { read } from '../operation.ts';
import { boundedText, Text, textOf } from '../text.ts';
import { isNamespaced, ReadableKind, readPermissions, resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Input = z
  .strictObject({ kind: ReadableKind, namespace: KubernetesLabel.optional(), name: KubernetesName })
  .refine(
    (input) => isNamespaced(input.kind) === (input.namespace !== undefined),
    'a namespace belongs to namespaced kinds, and only to them',
  );

export const describe = read({
  name: 'kubernetes.describe',
  summary: 'One object with what belongs to it, in words',
  input: Input,
  output: Text,
  command: ({ kind, namespace, name }, site) =>
    kubectl(site, ['describe', `${resourceOf(kind)}/${name}`, ...(namespace === undefined ? [] : [`--namespace=${namespace}`])]),
  parse: ({ stdout }) => textOf(stdout),
  cut: boundedText,
  timeoutMs: kubectlTimeoutMs,
  permissions: [...readPermissions, 'list events'],
});
