import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Absolute paths of the programs found on a PATH string; names that are not found are left out. Relative entries of PATH are ignored. */
export async function findBinaries(names: readonly string[], path: string): Promise<Record<string, string>> {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const found = await Promise.all(names.map(async (name) => [name, await firstExecutable(name, folders)] as const));
  return Object.fromEntries(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}

async function firstExecutable(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
