import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Registry } from '../../tools/registry.ts';
import { Playbook } from './contract.ts';

/** Names the file and what is wrong in it. */
export class PlaybookInvalid extends Error {
  readonly code = 'playbook_invalid';
  constructor(file: string, reason: string) {
    super(`playbook ${file}: ${reason}`);
    this.name = 'PlaybookInvalid';
  }
}

function read(file: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new PlaybookInvalid(file, `not valid YAML: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function parsePlaybook(registry: Pick<Registry, 'get'>, file: string, text: string): Playbook {
  const parsed = Playbook.safeParse(read(file, text));
  if (!parsed.success) throw new PlaybookInvalid(file, z.prettifyError(parsed.error));
  for (const { operation } of parsed.data.propose.steps)
    if (registry.get(operation)?.kind !== 'write') throw new PlaybookInvalid(file, `${operation} is not a registered write`);
  return parsed.data;
}

/** Every `*.yaml` of a directory, by name. Throws PlaybookInvalid; what it proposes is in the registry. */
export function loadPlaybooks(registry: Pick<Registry, 'get'>, directory = import.meta.dirname): readonly Playbook[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().map((file) => parsePlaybook(registry, file, readFileSync(join(directory, file), 'utf8')));
}
