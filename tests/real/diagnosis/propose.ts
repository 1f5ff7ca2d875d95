import { createRegistry } from '../../../tools/registry.ts';
import type { Finding } from '../../../workflows/contracts/finding.ts';
import { loadShipped, setOf } from '../../../workflows/playbooks/load.ts';
import { readKey, wantedReads } from '../../../workflows/playbooks/observe.ts';
import { type Proposal, propose } from '../../../workflows/playbooks/propose.ts';
import type { TestSite } from '../site.ts';

const operations = createRegistry();
const set = setOf(loadShipped(operations));
const estate = { services: [], sites: [{ name: 'real', environment: 'test', systems: ['kubernetes'] }] };

/** What the playbooks that ship make of findings, with what they want to read of the site. */
export async function proposed(site: TestSite, findings: readonly Finding[]): Promise<Proposal> {
  const outputs = new Map<string, unknown>();
  const output = (at: string, operation: string, input: unknown) => outputs.get(readKey(at, operation, input));
  const situation = { estate, alerts: [] };
  for (let round = 0; round < 2; round += 1)
    for (const { site: at, operation, input } of wantedReads(operations, findings, set.playbooks, situation, output))
      outputs.set(readKey(at, operation, input), await site.output(operation, input));
  return propose(findings, { operations, set, ...situation, output });
}
