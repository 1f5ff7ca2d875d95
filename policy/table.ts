import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Json = z.record(z.string(), z.unknown());
const Row = z.strictObject({ name: z.string(), base: z.string(), with: Json.optional(), steps: z.array(Json).optional(), want: Json });
const Table = z.strictObject({ bases: z.record(z.string(), Json), step: Json, decisions: z.array(Row) });

export interface DecisionRow {
  readonly name: string;
  readonly input: Record<string, unknown>;
  /** The fields of the decision that the row claims. */
  readonly want: Record<string, unknown>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What Rego's object.union does: objects are merged, anything else is replaced. */
function union(base: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const known = merged[key];
    merged[key] = isRecord(known) && isRecord(value) ? union(known, value) : value;
  }
  return merged;
}

/** The decision table that `opa test` and the wasm both have to satisfy. `file` is one of the same form. Throws when it is not. */
export function readDecisionTable(file: string | URL = new URL('./testdata/decisions.json', import.meta.url)): DecisionRow[] {
  const table = Table.parse(JSON.parse(readFileSync(file, 'utf8')));
  return table.decisions.map((row) => {
    const input = union(table.bases[row.base] ?? {}, row.with ?? {});
    const steps = row.steps?.map((change) => union(table.step, change));
    return { name: row.name, input: steps === undefined ? input : { ...input, steps }, want: row.want };
  });
}
