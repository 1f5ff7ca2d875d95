import { Refusal } from '../programs/program.ts';
import type { KubernetesObject } from '../render/object.ts';
import type { Resource } from './resources.ts';
import { qualified } from './resources.ts';

type Test = (object: KubernetesObject) => boolean;

/** Label selector: `a=b`, `a==b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b,c)`, joined by commas. */
export function labelSelector(text: string, resource: Resource): Test {
  const tests = text
    .split(/,(?![^(]*\))/)
    .filter((part) => part.trim() !== '')
    .map((part) => labelTest(part.trim(), text, resource));
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

function labelTest(part: string, text: string, resource: Resource): (labels: Record<string, string>) => boolean {
  const key = '[A-Za-z0-9./_-]+';
  const [, equalKey, operator, value] = new RegExp(`^(${key})\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`).exec(part) ?? [];
  if (equalKey !== undefined) return (labels) => (operator === '!=' ? labels[equalKey] !== value : labels[equalKey] === value);
  const [, setKey, membership, list] = new RegExp(`^(${key})\\s+(in|notin)\\s*\\(([^)]*)\\)$`).exec(part) ?? [];
  if (setKey !== undefined) {
    const values = (list ?? '').split(',').map((entry) => entry.trim());
    return (labels) => values.includes(labels[setKey] ?? '') === (membership === 'in');
  }
  const [, negated, existing] = new RegExp(`^(!?)\\s*(${key})$`).exec(part) ?? [];
  if (existing !== undefined) return (labels) => Object.hasOwn(labels, existing) === (negated === '');
  throw new Refusal(
    `Error from server (BadRequest): Unable to find "/v1, Resource=${resource.plural}" that match label selector "${text}", field selector "": unable to parse requirement: found '${part}', expected: identifier`,
  );
}

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'status.podIP'],
  events: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'source',
    'type',
    'reportingComponent',
  ],
};

/** Field selector: `a=b`, `a==b`, `a!=b`, joined by commas, of the fields that the API server indexes. */
export function fieldSelector(text: string, resource: Resource): Test {
  const allowed = ['metadata.name', 'metadata.namespace', ...(fieldsOf[resource.plural] ?? [])];
  const tests = text.split(',').map((part) => {
    const [, field = part, operator = '', value = ''] = /^(.+?)(!=|==|=)(.*)$/.exec(part) ?? [];
    if (!allowed.includes(field) || operator === '') {
      throw new Refusal(
        `Error from server (BadRequest): Unable to find "${resource.group}/v1, Resource=${resource.plural}" that match label selector "", field selector "${text}": field label not supported: ${field}`,
      );
    }
    return (object: KubernetesObject) => (String(valueAt(object, field)) === value) === (operator !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}

/** The value at a dotted path, or undefined. */
export function valueAt(object: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>(
      (value, key) => (value === null || typeof value !== 'object' ? undefined : (value as Record<string, unknown>)[key]),
      object,
    );
}

export function forbidden(resource: Resource, user: string, verb: string, space: string | null): string {
  const scope = resource.namespaced && space !== null ? `in the namespace "${space}"` : 'at the cluster scope';
  return `Error from server (Forbidden): ${qualified(resource)} is forbidden: User "${user}" cannot ${verb} resource "${resource.plural}" in API group "${resource.group}" ${scope}`;
}
