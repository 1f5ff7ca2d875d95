import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Playbook } from './contract.ts';

/** Names the file and what is wrong in it. */
export class PlaybookInvalid extends Error {
  readonly code = 'playbook_invalid';
  constructor(file: string, reason: string) {
    super(`playbook ${file}: ${reason}`);
    this.name = 'PlaybookInvalid';
  }
}

function parsePlaybook(file: string, text: string): Playbook {
  const parsed = Playbook.safeParse(parse(text));
  if (!parsed.success) throw new PlaybookInvalid(file, z.prettifyError(parsed.error));
  return parsed.data;
}

/** Every `*.yaml` of a directory, by name. Throws PlaybookInvalid. */
export function loadPlaybooks(directory = import.meta.dirname): readonly Playbook[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().map((file) => parsePlaybook(file, readFileSync(join(directory, file), 'utf8')));
}
