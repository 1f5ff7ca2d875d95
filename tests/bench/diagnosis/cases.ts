import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Prediction } from './vocabulary.ts';

const Metadata = z.looseObject({
  namespace: z.string(),
  /** Null: a healthy system. */
  result: z.looseObject({ fault_object: z.string(), root_cause: z.string() }).nullish(),
});

export interface Case {
  /** `system/category/id`. */
  readonly name: string;
  readonly system: string;
  readonly category: string;
  readonly namespace: string;
  readonly answer: Prediction | null;
  readonly directory: string;
}

const folders = async (directory: string) =>
  (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);

/** The cases below a directory, laid out as `system/category/id/{metadata.json,tool_cache.json}`. */
export async function casesIn(directory: string): Promise<readonly Case[]> {
  const found: Case[] = [];
  for (const system of await folders(directory)) {
    for (const category of await folders(join(directory, system))) {
      for (const id of await folders(join(directory, system, category))) {
        const at = join(directory, system, category, id);
        const { namespace, result } = Metadata.parse(JSON.parse(await readFile(join(at, 'metadata.json'), 'utf8')));
        const answer = result == null ? null : { fault_object: result.fault_object, root_cause: result.root_cause };
        found.push({ name: `${system}/${category}/${id}`, system, category, namespace, answer, directory: at });
      }
    }
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

export async function cacheOf({ directory }: Case): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(join(directory, 'tool_cache.json'), 'utf8')));
}
