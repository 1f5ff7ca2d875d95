import { z } from 'zod';
import { OutputMalformed } from '../errors.ts';
import { KubernetesLabel } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { compactList } from './compact.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Weakness = z.object({
  kind: z.string(),
  name: z.string(),
  /** `bound_to_all`: a role with wildcards, or cluster-admin, is given to whom is named. */
  what: z.enum(['privileged', 'host_namespace', 'host_path', 'no_security_context', 'default_account', 'bound_to_all']),
  /** For people. */
  words: z.string(),
});
type Weakness = z.infer<typeof Weakness>;

const Subject = z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() });
const Rule = z.object({ verbs: z.array(z.string()), resources: z.array(z.string()).default([]) });
const Container = z.object({ name: z.string(), securityContext: z.object({ privileged: z.boolean().optional() }).optional() });
const Pod = z.object({
  metadata: z.object({ name: z.string(), ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).optional() }),
  spec: z.object({
    ...{ hostNetwork: z.boolean().optional(), hostPID: z.boolean().optional(), hostIPC: z.boolean().optional() },
    serviceAccountName: z.string().default('default'),
    securityContext: z.record(z.string(), z.unknown()).optional(),
    containers: z.array(Container),
    initContainers: z.array(Container).nullish(),
    volumes: z.array(z.object({ name: z.string(), hostPath: z.object({ path: z.string() }).nullish() })).nullish(),
  }),
});
type Pod = z.infer<typeof Pod>;
const Named = z.object({ metadata: z.object({ name: z.string() }) });
const Role = Named.extend({ rules: z.array(Rule).nullish() });
const Binding = Named.extend({ roleRef: z.object({ kind: z.string(), name: z.string() }), subjects: z.array(Subject).nullish() });
type Binding = z.infer<typeof Binding>;

const List = z.object({ items: z.array(z.looseObject({ kind: z.string() })) });

/** Weaknesses in an answer. */
const limit = 300;

/** Security is no cause of an incident by itself: this is looked at when somebody asks, and is never a finding. */
export const weaknesses = read({
  name: 'kubernetes.weaknesses',
  summary: 'What in a namespace is less safe than it could be: privileged containers, ways to the node, roles that allow everything',
  input: z.strictObject({ namespace: KubernetesLabel }),
  output: z.object({ weaknesses: z.array(Weakness), /** Weaknesses left out. */ omitted: z.number().int().nonnegative() }),
  command: ({ namespace }, site) => ({
    ...kubectl(site, [
      ...['get', 'pods,roles.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io'],
      ...[`--namespace=${namespace}`, '--output=json'],
    ]),
    list: compactList,
  }),
  parse: ({ stdout }) => {
    const all = weaknessesOf(parseJson(List, stdout).items);
    return { weaknesses: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: ['list pods', 'list roles.rbac.authorization.k8s.io', 'list rolebindings.rbac.authorization.k8s.io'],
});

function weaknessesOf(items: readonly { readonly kind: string }[]): readonly Weakness[] {
  const of = <T>(kind: string, type: z.ZodType<T>): readonly T[] => {
    const parsed = z.array(type).safeParse(items.filter((item) => item.kind === kind));
    if (!parsed.success) throw new OutputMalformed(`unexpected ${kind} at /${parsed.error.issues[0]?.path.join('/') ?? ''}`);
    return parsed.data;
  };
  const wide = new Set(of('Role', Role).flatMap(({ metadata, rules }) => (rules?.some(isWide) === true ? [metadata.name] : [])));
  const bindings = of('RoleBinding', Binding);
  const found = [...bindings.flatMap((binding) => ofBinding(binding, wide)), ...of('Pod', Pod).flatMap((pod) => ofPod(pod, bindings))];
  return [...new Map(found.map((one) => [`${one.what} ${one.kind} ${one.name}`, one])).values()];
}

const isWide = ({ verbs, resources }: z.infer<typeof Rule>): boolean => verbs.includes('*') || resources.includes('*');

function ofBinding({ metadata: { name }, roleRef, subjects }: Binding, wide: ReadonlySet<string>): Weakness[] {
  const everything = roleRef.kind === 'ClusterRole' ? roleRef.name === 'cluster-admin' : wide.has(roleRef.name);
  if (!everything) return [];
  const whom = (subjects ?? []).map((subject) => `${subject.kind} ${subject.name}`).join(', ');
  return [
    {
      kind: 'rolebinding',
      name,
      what: 'bound_to_all',
      words: `${roleRef.name} allows everything of a kind or more, to ${whom || 'nobody'}`,
    },
  ];
}

function ofPod({ metadata, spec }: Pod, bindings: readonly Binding[]): Weakness[] {
  const [owner] = metadata.ownerReferences ?? [];
  const who = owner === undefined ? { kind: 'pod', name: metadata.name } : { kind: owner.kind.toLowerCase(), name: owner.name };
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const privileged = containers.filter(({ securityContext }) => securityContext?.privileged === true).map(({ name }) => name);
  const bare = containers.filter(({ securityContext }) => securityContext === undefined).map(({ name }) => name);
  const host = [spec.hostNetwork === true && 'network', spec.hostPID === true && 'processes', spec.hostIPC === true && 'memory'];
  const paths = (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath == null ? [] : [hostPath.path]));
  const given = bindings.some(({ subjects }) => subjects?.some(({ kind, name }) => kind === 'ServiceAccount' && name === 'default'));
  const say = (what: Weakness['what'], holds: boolean, words: string): Weakness[] => (holds ? [{ ...who, what, words }] : []);
  return [
    ...say('privileged', privileged.length > 0, `may do what the node may do: ${privileged.join(', ')}`),
    ...say('host_namespace', host.some(Boolean), `shares the node's ${host.filter(Boolean).join(', ')}`),
    ...say('host_path', paths.length > 0, `mounts of the node: ${paths.join(', ')}`),
    ...say(
      'no_security_context',
      bare.length > 0 && Object.keys(spec.securityContext ?? {}).length === 0,
      `runs as whatever its image says: ${bare.join(', ')}`,
    ),
    ...say('default_account', spec.serviceAccountName === 'default' && given, 'runs as account default, which a role is bound to'),
  ];
}
