import { blankChar, blankPlaceholders, type Placeholder } from '../placeholder.ts';
import type { Redacted } from '../spans.ts';
import { secretByKey, secretByVariable } from './names.ts';

/** Deeper values are cut: nothing that leaves the process is that deep on purpose. */
const maxDepth = 64;

/** How the strings below a key are treated. */
type Mode = 'text' | 'all';

interface Walk {
  readonly text: (s: string) => Redacted;
  readonly placeholder: Placeholder;
  readonly seen: Set<object>;
  count: number;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mask(walk: Walk, kind: string, secret: string): string {
  const rest = blankPlaceholders(secret).replaceAll(blankChar, '');
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(rest)) return secret;
  if (rest.length < secret.length && !/[\p{L}\p{N}]/u.test(rest)) return secret;
  walk.count++;
  return walk.placeholder(kind, secret);
}

function string(walk: Walk, s: string, mode: Mode): string {
  if (mode === 'all') return mask(walk, 'kubernetes-secret', s);
  const redacted = walk.text(s);
  walk.count += redacted.count;
  return redacted.text;
}

/** An answer of Vault: the secret is its `data`. */
function isLease(object: Record<string, unknown>): boolean {
  return 'lease_duration' in object && 'data' in object;
}

/** The items of a SecretList have no kind of their own. */
function isSecret(object: Record<string, unknown>, inherited: boolean): boolean {
  const kind = object['kind'];
  return kind === 'Secret' || (inherited && kind === undefined) || isLease(object);
}

function field(walk: Walk, object: Record<string, unknown>, key: string, value: unknown, context: Context): unknown {
  const secret = isSecret(object, context.secretItems);
  if (secret && (key === 'data' || key === 'stringData')) return visit(walk, value, { ...context, mode: 'all' });
  if (typeof value !== 'string' || context.mode === 'all') return visit(walk, value, childContext(object, key, context));
  const kind =
    secretByKey(key, value, context.user) ??
    (key === 'value' && typeof object['name'] === 'string' ? secretByVariable(object['name'], value) : null);
  if (kind !== null) return mask(walk, kind, value);
  return string(walk, value, 'text');
}

interface Context {
  readonly depth: number;
  readonly mode: Mode;
  /** Inside the items of a SecretList. */
  readonly secretItems: boolean;
  /** Inside a user of a kubeconfig. */
  readonly user: boolean;
}

function childContext(object: Record<string, unknown>, key: string, context: Context): Context {
  const kind = object['kind'];
  const secretItems = key === 'items' && typeof kind === 'string' ? kind === 'SecretList' : context.secretItems;
  return { ...context, secretItems, user: context.user || key === 'user' };
}

function record(walk: Walk, object: Record<string, unknown>, context: Context): unknown {
  const entries = Object.entries(object).map(
    ([key, value]) => [string(walk, key, 'text'), field(walk, object, key, value, context)] as const,
  );
  return Object.fromEntries(entries);
}

/** What JSON would make of it, where it is not plain data. */
function plain(value: object): unknown {
  if (value instanceof Error)
    return {
      ...value,
      name: value.name,
      message: value.message,
      stack: value.stack,
      ...(value.cause === undefined ? {} : { cause: value.cause }),
    };
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), item]));
  if (value instanceof Set) return [...value];
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  return value;
}

function visit(walk: Walk, value: unknown, context: Context): unknown {
  if (typeof value === 'string') return string(walk, value, context.mode);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.seen.has(value)) return '[circular]';
  if (context.depth > maxDepth) return '[too deep]';
  walk.seen.add(value);
  const inner = { ...context, depth: context.depth + 1 };
  const data = plain(value);
  const result =
    data !== value
      ? visit(walk, data, inner)
      : Array.isArray(data)
        ? data.map((item) => visit(walk, item, inner))
        : isRecord(data)
          ? record(walk, data, inner)
          : data;
  walk.seen.delete(value);
  return result;
}

/**
 * Masks a value by its structure and each of its strings as text. Arrays and plain objects keep their shape; errors, maps, sets
 * and bytes become plain data. Keys are redacted too when they hold a secret.
 */
export function createValueMask(
  text: (s: string) => Redacted,
  placeholder: Placeholder,
): (v: unknown) => { value: unknown; count: number } {
  return (v) => {
    const walk: Walk = { text, placeholder, seen: new Set(), count: 0 };
    try {
      return { value: visit(walk, v, { depth: 0, mode: 'text', secretItems: false, user: false }), count: walk.count };
    } catch {
      // A getter or toJSON threw: what cannot be read cannot be shown.
      return { value: '[unreadable]', count: walk.count + 1 };
    }
  };
}
