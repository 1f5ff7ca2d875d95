import { z } from 'zod';
import { Duration, KubernetesLabel, KubernetesName } from '../grammar.ts';
import { read } from '../operation.ts';
import { endingOf, endOfText, Text } from '../text.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Input = z
  .strictObject({
    namespace: KubernetesLabel,
    pod: KubernetesName,
    /** Unset: the pod's default container, or all of them with `allContainers`. */
    container: KubernetesLabel.optional(),
    allContainers: z.boolean().default(false),
    /** Lines from the end, per container. */
    tail: z.int().min(1).max(2000).default(200),
    since: Duration.optional(),
    /** The instance before the last restart. */
    previous: z.boolean().default(false),
  })
  .refine((input) => !(input.allContainers && input.container !== undefined), 'either one container or all');

/** Of each container, counted from the first of the lines: as many lines as may be asked for, each of 8 kB. What is over is read and dropped. */
const limitBytes = 16 * 1024 * 1024;

export const logs = read({
  name: 'kubernetes.logs',
  summary: 'The last lines that the containers of a pod printed, with timestamps',
  input: Input,
  output: Text,
  command: (input, site) =>
    kubectl(site, [
      'logs',
      `pod/${input.pod}`,
      `--namespace=${input.namespace}`,
      ...(input.container === undefined ? [] : [`--container=${input.container}`]),
      ...(input.allContainers ? ['--all-containers=true', '--prefix=true'] : []),
      `--tail=${input.tail}`,
      ...(input.since === undefined ? [] : [`--since=${input.since}`]),
      ...(input.previous ? ['--previous=true'] : []),
      '--timestamps=true',
      `--limit-bytes=${limitBytes}`,
    ]),
  parse: ({ stdout }) => endingOf(stdout),
  cut: endOfText,
  keeps: 'end',
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get pods', 'get pods/log'],
});
