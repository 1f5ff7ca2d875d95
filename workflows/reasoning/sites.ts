import type { AnyOperation } from '../../tools/operation.ts';
import type { Estate } from '../ports.ts';

/** Names of the sites that have the system of an operation: what its name begins with. */
export function sitesFor({ name }: Pick<AnyOperation, 'name'>, { sites }: Pick<Estate, 'sites'>): readonly string[] {
  const system = name.slice(0, name.indexOf('.'));
  return sites.filter(({ systems }) => systems.includes(system)).map((site) => site.name);
}
