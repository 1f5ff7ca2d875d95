import { z } from 'zod';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { either, jsonIn, secondsOf, Time, TraceQl, tempoApi, tempoTimeoutMs } from './ask.ts';

const scopes = ['resource', 'span', 'intrinsic', 'event', 'link', 'instrumentation'] as const;

/** Names or values in an answer. */
const limit = 1000;

const omitted = z.number().int().nonnegative();

/** As TraceQL names it: `resource.service.name`, `.http.route`, `span:status`, `name`. */
const Tag = argument(200).regex(/^[a-zA-Z.][a-zA-Z0-9_.:-]*$/, 'must be a tag as TraceQL names it, e.g. resource.service.name');

const When = { start: Time.optional(), end: Time.optional() };

function timesOf(start: string | undefined, end: string | undefined): string[] {
  return start === undefined || end === undefined ? [] : [start, end];
}

export const tempoTags = read({
  name: 'tempo.tags',
  summary: 'Names of the tags that spans have, by scope',
  input: z.strictObject({ scope: z.enum(scopes).optional(), ...When }),
  output: z.object({ scopes: z.array(z.object({ name: z.string(), tags: z.array(z.string()), /** Tags left out. */ omitted })) }),
  // tempo-cli cannot be told a scope.
  command: ({ scope, start, end }, site) => {
    const http = tempoApi('v2/search/tags', { scope, ...secondsOf(start, end) });
    return scope === undefined ? either(site, { words: ['search-tags'], address: 'host', args: timesOf(start, end) }, http) : http;
  },
  parse: ({ stdout }) => {
    const Answer = z.object({ scopes: z.array(z.object({ name: z.string(), tags: z.array(z.string()).nullish() })).nullish() });
    const answer = parseJson(Answer, jsonIn(stdout)).scopes ?? [];
    return {
      scopes: answer.map(({ name, tags }) => {
        const { kept, omitted: left } = head(tags ?? [], limit);
        return { name, tags: kept, omitted: left };
      }),
    };
  },
  timeoutMs: tempoTimeoutMs,
  permissions: ['GET /api/v2/search/tags'],
});

export const tempoTagValues = read({
  name: 'tempo.tag_values',
  summary: 'Values that a tag has, of all spans or of those that an expression selects',
  input: z.strictObject({ tag: Tag, query: TraceQl.optional(), ...When }),
  output: z.object({ values: z.array(z.object({ type: z.string(), value: z.string() })), /** Values left out. */ omitted }),
  command: ({ tag, query, start, end }, site) =>
    either(
      site,
      {
        words: ['search-tag-values'],
        flags: query === undefined ? [] : [`--query=${query}`],
        address: 'host',
        args: [tag, ...timesOf(start, end)],
      },
      tempoApi(`v2/search/tag/${tag}/values`, { q: query, ...secondsOf(start, end) }),
    ),
  parse: ({ stdout }) => {
    const Answer = z.object({ tagValues: z.array(z.object({ type: z.string().default(''), value: z.string().default('') })).nullish() });
    const { kept, omitted: left } = head(parseJson(Answer, jsonIn(stdout)).tagValues ?? [], limit);
    return { values: kept, omitted: left };
  },
  timeoutMs: tempoTimeoutMs,
  permissions: ['GET /api/v2/search/tag/{tag}/values'],
});
