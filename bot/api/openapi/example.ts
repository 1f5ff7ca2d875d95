import { exampleHash, keysOf, wordsOf } from './example-words.ts';

/** As much of JSON Schema as zod writes. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const instant = '2026-01-01T10:00:00.000Z';
/** Texts with a form of their own, by the form. */
const forms = [
  instant,
  exampleHash,
  '0199b6a0-7d0e-7c3a-9f00-5d1f0a4c2b11',
  'kubernetes.rollout_undo',
  'tier.medium_approval',
  'production',
];

/** Stands where nothing is known to say: a test finds it. */
export const unknownText = '(no example)';

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isFields,
};

function fitsFields({ properties = {}, required = [], additionalProperties = true }: Schema, value: Fields): boolean {
  return (
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, inner]) => {
      const schema = properties[name] ?? additionalProperties;
      return typeof schema === 'boolean' ? schema : fits(schema, inner);
    })
  );
}

function fitsText({ pattern, format }: Schema, value: string): boolean {
  return (pattern === undefined || new RegExp(pattern, 'u').test(value)) && (format !== 'date-time' || value === instant);
}

function fits(schema: Schema, value: unknown): boolean {
  const { type, anyOf, oneOf, minimum = -Infinity, exclusiveMinimum = -Infinity } = schema;
  const any = anyOf ?? oneOf;
  if (any !== undefined) return any.some((one) => fits(one, value));
  if ('const' in schema) return value === schema.const;
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (type !== undefined && ![type].flat().some((one) => types[one]?.(value) === true)) return false;
  if (typeof value === 'string') return fitsText(schema, value);
  if (typeof value === 'number') return value >= minimum && value > exclusiveMinimum;
  return !isFields(value) || fitsFields(schema, value);
}

function exampleFields({ properties = {}, additionalProperties, propertyNames }: Schema, name: string): Fields {
  const own = Object.entries(properties).map(([each, schema]) => [each, exampleOf(schema, each, name)] as const);
  if (own.length > 0 || !isFields(additionalProperties)) return Object.fromEntries(own);
  const key = keysOf[name] ?? String(propertyNames === undefined ? name : exampleOf(propertyNames, name));
  return { [key]: exampleOf(additionalProperties, key, name) };
}

function exampleText(schema: Schema, name: string): string {
  if (name.endsWith('At')) return instant;
  const plain = schema.pattern === undefined && schema.format === undefined;
  return (plain ? undefined : forms.find((each) => fitsText(schema, each))) ?? unknownText;
}

/** Where a name says nothing of what is meant. */
function exampleOfType(schema: Schema, name: string): unknown {
  const { items, prefixItems, minimum = 1, exclusiveMinimum = 0 } = schema;
  const [type] = [schema.type].flat();
  if (type === 'array') return prefixItems?.map((one) => exampleOf(one, name)) ?? [exampleOf(items ?? {}, name)];
  if (type === 'object') return exampleFields(schema, name);
  if (type === 'boolean') return false;
  if (type === 'null') return null;
  if (type === 'integer' || type === 'number') return Math.max(1, minimum, exclusiveMinimum + 1);
  return type === undefined ? {} : exampleText(schema, name);
}

/** What an answer of such a schema can look like; every field is there. `name`: of the field, `within`: of what it is in. */
export function exampleOf(schema: Schema, name = '', within = ''): unknown {
  if ('const' in schema) return schema.const;
  const known = [...(wordsOf[`${within}.${name}`] ?? []), ...(wordsOf[name] ?? [])].find((each) => fits(schema, each));
  if (known !== undefined) return known;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  const example = first === undefined ? exampleOfType(schema, name) : exampleOf(first, name, within);
  return example === unknownText && fits(schema, null) ? null : example;
}
