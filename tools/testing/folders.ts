import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const tools = new URL('../', import.meta.url);

/** Folders of `tools/` that have such a file, but for this one: nobody lists them. */
export function foldersWith(file: string): readonly string[] {
  const all = readdirSync(fileURLToPath(tools), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return all.map(({ name }) => name).filter((name) => name !== 'testing' && existsSync(new URL(`${name}/${file}`, tools)));
}
