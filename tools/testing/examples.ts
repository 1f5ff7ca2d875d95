import type { SiteFacts } from '../operation.ts';
import type { SystemSettings } from '../site.ts';
import type { Examples } from './example.ts';
import { foldersWith } from './folders.ts';

interface Module {
  readonly examples: Examples;
  /** Settings of its system at the sample site; absent: it asks for an address only. */
  readonly sample?: unknown;
}

const modules = await Promise.all(
  foldersWith('examples.ts').map(async (folder) => [folder, (await import(`../${folder}/examples.ts`)) as Module] as const),
);

/** One for each operation; a test fails when an operation has none in the `examples.ts` of its system. */
export const examples: Examples = Object.assign({}, ...modules.map(([, module]) => module.examples));

const samples: SystemSettings = Object.fromEntries(modules.flatMap(([name, { sample }]) => (sample === undefined ? [] : [[name, sample]])));

/** A site that has everything. */
export const sampleSite: SiteFacts = {
  ...samples,
  name: 'production',
  url: (system) => `http://${system}.example`,
  has: () => true,
};
