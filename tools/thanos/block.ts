import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import type { CliCommand, SiteFacts } from '../operation.ts';
import { timeOf } from '../prometheus/answer.ts';

/** Milliseconds that a look through the bucket may take. */
export const bucketTimeoutMs = 180_000;

/** https://github.com/ulid/spec */
export const Ulid = argument(26).regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'must be the ULID of a block');

export const Block = z.object({
  id: z.string(),
  from: z.string().nullable(),
  until: z.string().nullable(),
  /** How often it was compacted. */
  level: z.number().int().nonnegative(),
  /** Milliseconds between samples of a downsampled block; 0: raw. */
  resolution: z.number().int().nonnegative(),
  /** `sidecar`, `compactor` … */
  source: z.string(),
  labels: z.record(z.string(), z.string()),
  series: z.number().int().nonnegative(),
  samples: z.number().int().nonnegative(),
});
export type Block = z.infer<typeof Block>;

/** meta.json: https://thanos.io/tip/thanos/storage.md/#metadata-file-metajson */
const Meta = z
  .object({
    ulid: z.string(),
    minTime: z.number(),
    maxTime: z.number(),
    stats: z
      .object({ numSeries: z.number().int().default(0), numSamples: z.number().int().default(0) })
      .default({ numSeries: 0, numSamples: 0 }),
    compaction: z.object({ level: z.number().int() }),
    thanos: z.object({
      labels: z.record(z.string(), z.string()).nullish(),
      downsample: z.object({ resolution: z.number().int() }),
      source: z.string(),
    }),
  })
  .transform(
    ({ ulid, minTime, maxTime, stats, compaction, thanos }): Block => ({
      id: ulid,
      from: timeOf(minTime),
      until: timeOf(maxTime),
      level: compaction.level,
      resolution: thanos.downsample.resolution,
      source: thanos.source,
      labels: thanos.labels ?? {},
      series: stats.numSeries,
      samples: stats.numSamples,
    }),
  );

export const Metas = z.array(Meta);

/** `thanos tools bucket ls` prints one object after the other. */
export function metasOf(stdout: string): Block[] {
  return parseJson(Metas, `[${stdout.trim().replace(/^\}\n\{/gm, '},{')}]`);
}

/** The program on the site's bucket, with the account that reads or the one that writes. */
export function bucket(site: SiteFacts, use: 'read' | 'write', words: readonly string[], flags: readonly string[]): CliCommand {
  const files = site.thanos?.bucket;
  if (files === undefined) throw new SiteIncomplete(`site ${site.name} has no bucket of Thanos: configure sites[].thanos.bucket`);
  const common = ['--log.level=warn', `--objstore.config-file=${files[use]}`];
  return { kind: 'cli', binary: 'thanos', argv: ['tools', 'bucket', ...words, ...common, ...flags] };
}
