import { loadShipped, readTexts, shippedDirectory } from '../../workflows/playbooks/load.ts';
import type { Core } from '../core.ts';
import { createLibrary, type Library } from './library.ts';

/** What the configuration names. Throws PlaybookInvalid: what ships is broken. */
export function openLibrary({ registry, file, store, redactor, log }: Core): Promise<Library> {
  const { directory, disabled } = file.playbooks;
  return createLibrary({
    operations: registry,
    shipped: loadShipped(registry),
    shippedTexts: readTexts(shippedDirectory),
    ...{ directory, disabled, store: store.playbooks, redact: redactor, log },
  });
}
