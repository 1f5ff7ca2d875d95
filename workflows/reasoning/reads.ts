import { z } from 'zod';
import { contentHash } from '../../tools/canonical.ts';
import type { AnyOperation } from '../../tools/operation.ts';
import type { Registry } from '../../tools/registry.ts';
import type { Probe } from '../contracts/activities.ts';
import type { ModelTool } from '../model.ts';
import type { Estate } from '../ports.ts';
import { textsIn, ungrounded } from './grounded.ts';
import { sitesFor } from './sites.ts';

/** Providers take no dots in names. */
const toolName = (operation: string) => operation.replace('.', '__');

/** A picture says nothing to a model, and cannot be redacted: only configuration asks for one. */
function isOffered({ kind, name }: AnyOperation): boolean {
  return kind === 'read' && name !== 'grafana.panel_image';
}

/** The registered reads, each at the sites that have its system. A write is never among them. */
export function readTools(registry: Registry, estate: Pick<Estate, 'sites'>): readonly ModelTool[] {
  return registry.list().flatMap((operation) => {
    const sites = sitesFor(operation, estate);
    if (!isOffered(operation) || sites.length === 0) return [];
    const { $schema: _, ...input } = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
    const properties = { site: { type: 'string', enum: sites }, input };
    return [
      {
        name: toolName(operation.name),
        description: operation.summary,
        schema: { type: 'object', properties, required: ['site', 'input'], additionalProperties: false },
      },
    ];
  });
}

/** Equal reads have equal keys, so that none is made twice. */
export function readKey({ site, operation, input }: Pick<Probe, 'site' | 'operation' | 'input'>): string {
  return contentHash({ site, operation, input });
}

const Called = z.strictObject({ site: z.string(), input: z.record(z.string(), z.unknown()) });

export interface AcceptReads {
  readonly registry: Registry;
  readonly estate: Pick<Estate, 'sites'>;
  /** Whether the evidence, or configuration, has that name. */
  readonly known: (name: string) => boolean;
  /** Keys of what was read before. */
  readonly before: ReadonlySet<string>;
  readonly most: number;
}

export interface AcceptedReads {
  readonly probes: readonly Probe[];
  /** Why others were not taken, in words for the model and for people. */
  readonly refused: readonly string[];
}

/** Query languages are read by the site's own server only; their length is bounded, and what is unknown in them finds nothing. */
const longestQuery = 600;

/** Fields in which operations take an expression of such a language. */
function expressionsOf({ name }: Pick<AnyOperation, 'name'>): readonly string[] {
  return name.startsWith('tempo.') ? ['query'] : ['expr', 'match'];
}

function isTooLong(expressions: readonly unknown[]): boolean {
  return textsIn(expressions).some((query) => query.length > longestQuery);
}

function take(call: { readonly tool: string; readonly input: unknown }, { registry, estate, known }: AcceptReads): Probe | string {
  const operation = registry.list().find((one) => isOffered(one) && toolName(one.name) === call.tool);
  if (operation === undefined) return 'a tool that does not exist was asked for';
  const called = Called.safeParse(call.input);
  if (!called.success) return `${operation.name}: the input has another form`;
  const { site } = called.data;
  if (!sitesFor(operation, estate).includes(site)) return `${operation.name}: it cannot be read at that site`;
  const input = operation.input.safeParse(called.data.input);
  if (!input.success) return `${operation.name}: the input is not valid`;
  const typed = input.data as Record<string, unknown>;
  const languages = expressionsOf(operation);
  const names = Object.fromEntries(Object.entries(typed).filter(([field]) => !languages.includes(field)));
  if (isTooLong(languages.map((field) => typed[field])) || ungrounded(names, operation, known) !== undefined)
    return `${operation.name}: the input names what no evidence names`;
  const about = Object.values(typed).flatMap(textsIn).join(' ').slice(0, 80);
  return {
    site,
    operation: operation.name,
    input: typed,
    title: `Asked by the model: ${operation.name.replace('.', ' ')} ${about}`.trim(),
  };
}

/** Of the calls that a model asks for, those that may be made: registered reads, valid, grounded in the evidence, none of them twice. */
export function acceptReads(calls: readonly { readonly tool: string; readonly input: unknown }[], accept: AcceptReads): AcceptedReads {
  const seen = new Set(accept.before);
  const probes: Probe[] = [];
  const refused: string[] = [];
  for (const call of calls) {
    const taken = take(call, accept);
    if (typeof taken === 'string') refused.push(taken);
    else if (seen.has(readKey(taken))) refused.push(`${taken.operation}: that was read already`);
    else if (probes.length >= accept.most) refused.push(`${taken.operation}: only ${accept.most} reads at once`);
    else {
      seen.add(readKey(taken));
      probes.push(taken);
    }
  }
  return { probes, refused: [...new Set(refused)] };
}
