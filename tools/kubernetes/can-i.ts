import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { argument, KubernetesLabel } from '../grammar.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Verb = z.enum(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);

/** `deployments.apps`, `deployments.apps/scale`. */
const Resource = argument(200).regex(/^[a-z]+(\.[a-z0-9-]+)*(\/[a-z]+)?$/, 'must be a resource such as deployments.apps/scale');

const Input = z.strictObject({ verb: Verb, resource: Resource, /** Unset: in all of them. */ namespace: KubernetesLabel.optional() });

export const canI = read({
  name: 'kubernetes.can_i',
  summary: 'Whether the credentials for reads may do something, as the API server decides',
  input: Input,
  output: z.object({ allowed: z.boolean() }),
  command: ({ verb, resource, namespace }, site) =>
    kubectl(site, [
      ...['auth', 'can-i', verb, resource],
      ...(namespace === undefined ? ['--all-namespaces=true'] : [`--namespace=${namespace}`]),
    ]),
  // It ends with 1 where the answer is no.
  answers: ({ stdout }) => stdout.trim() === 'no',
  parse: ({ stdout }) => {
    const [answer] = stdout.trim().split(/\s/);
    if (answer !== 'yes' && answer !== 'no') throw new OutputMalformed('kubectl auth can-i said neither yes nor no');
    return { allowed: answer === 'yes' };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['create selfsubjectaccessreviews.authorization.k8s.io'],
});
