import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Resource = z.object({ name: z.string(), apiVersion: z.string(), kind: z.string(), namespaced: z.boolean() });

const Output = z.object({
  resources: z.array(Resource),
  /** A group did not answer: its resources are missing. */
  partial: z.boolean(),
});

const unanswered = /unable to retrieve the complete list of server APIs/;

export const apiResources = read({
  name: 'kubernetes.api_resources',
  summary: 'Kinds that the API server knows, custom ones included',
  input: z.strictObject({}),
  output: Output,
  command: (_input, site) => kubectl(site, ['api-resources', '--no-headers=true', '--sort-by=name']),
  // It ends with 1 after printing what the other groups have.
  answers: ({ stdout, stderr }) => stdout !== '' && unanswered.test(stderr),
  parse: ({ stdout, stderr }) => {
    const lines = stdout.split('\n').filter((line) => line.trim() !== '');
    return { resources: lines.map(resourceOf), partial: unanswered.test(stderr) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get /api', 'get /api/*', 'get /apis', 'get /apis/*'],
});

/** `deployments   deploy   apps/v1   true   Deployment`; the short names may be missing. */
function resourceOf(line: string): z.infer<typeof Resource> {
  const words = line.trim().split(/\s+/);
  const [apiVersion, namespaced, kind] = words.slice(-3);
  const name = words[0];
  if (words.length < 4 || name === undefined || apiVersion === undefined || kind === undefined || !/^(true|false)$/.test(namespaced ?? ''))
    throw new OutputMalformed('a line of kubectl api-resources is unreadable');
  return { name, apiVersion, kind, namespaced: namespaced === 'true' };
}
