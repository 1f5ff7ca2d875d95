import { z } from 'zod';
import { argument, Time } from '../grammar.ts';
import { type CliCommand, type CommandResult, read } from '../operation.ts';
import { cutTo, partOf } from '../text.ts';
import { answerOf, count, fetched, listed, listOf, many, NextToken, text } from './answer.ts';
import { aws, awsRead, flag, optional, Regional } from './cli.ts';
import { LogGroup, Name } from './names.ts';

export const groups = awsRead({
  name: 'aws.logs_groups',
  summary: 'Log groups of CloudWatch whose names hold a word, with their size and retention',
  input: Regional.extend({ pattern: Name.optional() }),
  output: listOf(z.object({ name: z.string(), bytes: z.number(), retentionDays: z.number().nullable() })),
  line: ({ pattern }) => ['logs', 'describe-log-groups', ...optional('log-group-name-pattern', pattern), fetched],
  parse: ({ stdout }) => {
    const Groups = z.object({
      logGroups: many(z.object({ logGroupName: z.string(), storedBytes: count, retentionInDays: z.number().nullish() })),
      NextToken,
    });
    const { logGroups, NextToken: next } = answerOf(Groups, stdout);
    return listed(
      logGroups.map(({ logGroupName, storedBytes, retentionInDays }) => ({
        name: logGroupName,
        bytes: storedBytes,
        retentionDays: retentionInDays ?? null,
      })),
      next,
    );
  },
  permissions: ['logs:DescribeLogGroups'],
});

/** `fields @timestamp, @message | filter … | sort …`, on one line. */
const Query = argument(4000)
  .regex(/^(fields|filter|stats|parse|display|sort|dedup|pattern|limit) /, 'must begin with a command of Logs Insights, e.g. fields')
  .refine((value) => !/:\/\/|\.\.\//.test(value), 'must not hold an address or a path that leads upwards');

const Results = z.object({
  status: text,
  results: many(z.array(z.object({ field: z.string(), value: text }))),
  statistics: z.object({ recordsMatched: count, recordsScanned: count, bytesScanned: count }).nullish(),
});

const running: ReadonlySet<string> = new Set(['Scheduled', 'Running', '']);

function ended({ stdout }: CommandResult): boolean {
  return !running.has(answerOf(Results, stdout).status);
}

/** Seconds of a query: it goes on at AWS, and costs, when nobody waits for it any more. */
const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);

/** Characters of one value. */
const mostValue = 4_000;

export const insights = read({
  name: 'aws.logs_insights',
  summary: 'Asks Logs Insights about groups of logs in a span of time, and waits for the answer',
  input: Regional.extend({
    groups: z.array(LogGroup).min(1).max(20),
    query: Query,
    from: Time,
    to: Time,
    limit: z.int().min(1).max(1000).default(200),
  }),
  output: z.object({
    /** False: what was found until the time was over. */
    complete: z.boolean(),
    status: z.string(),
    rows: z.array(z.record(z.string(), z.string())),
    matched: z.number(),
    scanned: z.number(),
    scannedBytes: z.number(),
    /** Rows that matched and are not here. */
    omitted: z.number().int(),
  }),
  command: ({ region, groups: names, query, from, to, limit }, site): CliCommand => {
    const placeholder = '--query-id=QUERY-ID';
    const start = aws(site, region, [
      ...([
        'logs',
        'start-query',
        flag('log-group-names', names),
        flag('start-time', seconds(from)),
        flag('end-time', seconds(to)),
      ] as const),
      ...[flag('query-string', query), flag('limit', limit)],
    ]);
    return {
      ...aws(site, region, ['logs', 'get-query-results', placeholder]),
      bound: {
        placeholder,
        command: start,
        value: ({ stdout }) => flag('query-id', answerOf(z.object({ queryId: Name }), stdout).queryId),
      },
      until: ended,
    };
  },
  parse: ({ stdout }, { limit }) => {
    const { status, results, statistics } = answerOf(Results, stdout);
    const rows = results
      .slice(0, limit)
      .map((row) =>
        Object.fromEntries(row.flatMap(({ field, value }) => (field === '@ptr' ? [] : [[field, partOf(value, mostValue)] as const]))),
      );
    const matched = statistics?.recordsMatched ?? rows.length;
    return {
      ...{ complete: status === 'Complete', status, rows, matched, scanned: statistics?.recordsScanned ?? 0 },
      ...{ scannedBytes: statistics?.bytesScanned ?? 0, omitted: Math.max(0, matched - rows.length) },
    };
  },
  cut: ({ rows, ...rest }) => ({
    ...rest,
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([field, value]) => [field, cutTo(value, mostValue)]))),
  }),
  timeoutMs: 120_000,
  permissions: ['logs:StartQuery', 'logs:GetQueryResults'],
});
