import { createRegistry } from '../../tools/registry.ts';
import { compileTexts, readTexts } from '../../workflows/playbooks/load.ts';
import { problemLine } from '../../workflows/playbooks/source.ts';
import type { ConfigFile } from '../config-file.ts';
import { type Finding, fine, problem } from './finding.ts';

/** What a worker would find in the operator's directory. */
export function checkPlaybooks({ playbooks: { directory } }: Pick<ConfigFile, 'playbooks'>): readonly Finding[] {
  if (directory === undefined) return [fine('playbooks', 'those that ship: playbooks.directory is not set')];
  try {
    const files = [...compileTexts(createRegistry(), 'own', readTexts(directory)).values()];
    const wrong = files.flatMap((file) => (file.kind === 'wrong' ? file.problems : []));
    if (wrong.length === 0) return [fine('playbooks', `${files.length} of your own in ${directory}`)];
    return wrong.map((one) => problem('playbooks', problemLine(one), `correct it: watchkeeper playbook validate ${directory}`));
  } catch {
    return [problem('playbooks', `${directory} cannot be read`, 'correct playbooks.directory, or its permissions')];
  }
}
