import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Objects } from '../model/index.ts';
import { Meta, type Place, placeOf, Texts } from './common.ts';

const ConfigMap = z.looseObject({ metadata: Meta, data: Texts });
const Routes = z.array(z.looseObject({ id: z.string(), uri: z.string(), predicates: z.array(z.unknown()).nullish() }));

/** Largest text that is looked at. */
const limit = 200_000;

/** `lb://${HOST:orders}` and `http://orders:8080` name the service orders. */
function backendOf(uri: string): { service: string; port: number | null } | null {
  const plain = uri.replaceAll(/\$\{[^:}]*:([^}]*)\}/g, '$1').replace(/^[a-z]+:\/\//, '');
  const found = /^([a-z0-9.-]+)(?::(\d+))?/.exec(plain);
  const service = found?.[1]?.split('.')[0];
  return service === undefined || service === '' ? null : { service, port: found?.[2] === undefined ? null : Number(found[2]) };
}

/** Lists of routes of Spring Cloud Gateway's form, wherever in the document they stand. */
function routeLists(value: unknown, depth = 0): z.infer<typeof Routes>[] {
  if (value === null || typeof value !== 'object' || depth > 8) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const parsed = key === 'routes' ? Routes.safeParse(child) : null;
    return parsed?.success === true ? [parsed.data] : routeLists(child, depth + 1);
  });
}

function documents(text: string): unknown[] {
  if (text.length > limit || !text.includes('routes:')) return [];
  try {
    return parseAllDocuments(text).map((document) => document.toJS({ maxAliasCount: 20 }));
  } catch {
    return [];
  }
}

/** The routes that a gateway reads from its configuration. */
export function configuredRoutes(value: unknown, place: Place): Partial<Objects> {
  const parsed = ConfigMap.safeParse(value);
  if (!parsed.success) return {};
  const { name, ...at } = placeOf(place, parsed.data.metadata);
  const all = Object.values(parsed.data.data)
    .flatMap(documents)
    .flatMap((document) => routeLists(document).flat());
  return {
    routes: all.flatMap(({ id, uri, predicates }) => {
      const backend = backendOf(uri);
      const path = (predicates ?? []).map(String).find((predicate) => predicate.startsWith('Path=')) ?? '';
      return backend === null ? [] : [{ ...at, source: `configmap/${name}`, id, path: path.slice('Path='.length), backend }];
    }),
  };
}
