import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { KubernetesLabel } from '../grammar.ts';
import { read } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Input = z.strictObject({ namespace: KubernetesLabel });

/** `cpu` in millicores, `memory` in bytes. */
const Usage = z.object({ pod: z.string(), container: z.string(), cpu: z.number(), memory: z.number() });

const Usages = z.object({ containers: z.array(Usage), /** Containers left out. */ omitted: z.number().int().nonnegative() });

/** Containers in an answer: those that use most memory. */
const limit = 200;

export const top = read({
  name: 'kubernetes.top',
  summary: 'CPU and memory that the containers of a namespace use now (needs a metrics server)',
  input: Input,
  output: Usages,
  command: ({ namespace }, site) => kubectl(site, ['top', 'pods', `--namespace=${namespace}`, '--containers=true', '--no-headers=true']),
  parse: ({ stdout }) => {
    const lines = stdout.split('\n').filter((line) => line.trim() !== '');
    const containers = lines.map(usageOf).sort((a, b) => b.memory - a.memory);
    return { containers: containers.slice(0, limit), omitted: Math.max(0, containers.length - limit) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list pods.metrics.k8s.io'],
});

/** `web-1   app   12m   34Mi`; kubectl has no other format for it. */
function usageOf(line: string): z.infer<typeof Usage> {
  const [pod, container, cpu, memory] = line.trim().split(/\s+/);
  if (pod === undefined || container === undefined || cpu === undefined || memory === undefined)
    throw new OutputMalformed('a line of kubectl top has too few columns');
  return {
    pod,
    container,
    cpu: quantity(cpu, { m: 1, '': 1000 }),
    memory: quantity(memory, { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 }),
  };
}

function quantity(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^([0-9]+)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = units[unit ?? 'none'];
  if (digits === undefined || factor === undefined) throw new OutputMalformed('a quantity of kubectl top is unreadable');
  return Number(digits) * factor;
}
