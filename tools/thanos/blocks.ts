import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { apiAnswer, head } from '../prometheus/answer.ts';
import { queryApi } from '../prometheus/promtool.ts';
import { Block, bucket, bucketTimeoutMs, Metas, metasOf, Ulid } from './block.ts';

/** Blocks in an answer. */
const limit = 200;

/** The program prints objects, the API wraps a list; an error of its last look at the bucket fails the read. */
function blocksOf(stdout: string): Block[] {
  if (!/^\{\s*"status"/.test(stdout)) return metasOf(stdout);
  return apiAnswer(z.object({ blocks: Metas.nullish(), err: z.null().optional() }), stdout).blocks ?? [];
}

export const thanosBlocks = read({
  name: 'thanos.blocks',
  summary: 'Blocks in the bucket, those with the newest data first',
  input: z.strictObject({
    /** Only those with data after it. */ from: Time.optional(),
    /** Only those with data before it. */ until: Time.optional(),
  }),
  output: z.object({ blocks: z.array(Block), /** Blocks left out. */ omitted: z.number().int().nonnegative() }),
  command: (_input, site) => {
    if (site.thanos?.bucket !== undefined && site.has('thanos')) return bucket(site, 'read', ['ls'], ['--output=json']);
    if (site.url('thanos-blocks') !== null) return queryApi('thanos-blocks', 'blocks', { view: 'global' });
    throw new SiteIncomplete(`site ${site.name} has neither the program thanos with a bucket, nor thanos.blocks`);
  },
  parse: ({ stdout }, { from, until }) => {
    const all = blocksOf(stdout)
      .filter((block) => (from === undefined || (block.until ?? '') > from) && (until === undefined || (block.from ?? '') < until))
      .toSorted((a, b) => (b.until ?? '').localeCompare(a.until ?? '') || a.id.localeCompare(b.id));
    const { kept, omitted } = head(all, limit);
    return { blocks: kept, omitted };
  },
  timeoutMs: bucketTimeoutMs,
  permissions: ['list objects of the bucket', 'get */meta.json of the bucket'],
});

export const BlockState = z.object({ /** Neither deleted nor marked for it. */ kept: z.boolean(), block: Block.nullable() });
export type BlockState = z.infer<typeof BlockState>;

export const blockState = read({
  name: 'thanos.block_state',
  summary: 'Whether a block is in the bucket and not marked for deletion',
  input: z.strictObject({ id: Ulid }),
  output: BlockState,
  command: (_input, site) => bucket(site, 'read', ['ls'], ['--output=json', '--exclude-delete']),
  parse: ({ stdout }, { id }) => {
    const block = metasOf(stdout).find((one) => one.id === id) ?? null;
    return { kept: block !== null, block };
  },
  timeoutMs: bucketTimeoutMs,
  permissions: ['list objects of the bucket', 'get */meta.json and */deletion-mark.json of the bucket'],
});
