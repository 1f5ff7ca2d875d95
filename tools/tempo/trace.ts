import { z } from 'zod';
import { NotFound } from '../errors.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { either, jsonIn, secondsOf, Time, TraceId, tempoApi, tempoTimeoutMs } from './ask.ts';
import { TraceAnswer } from './trace/otlp.ts';
import { summarize, TraceSummary } from './trace/summary.ts';

/** tempo-cli says it of a part of a trace, on standard error. */
const partialByProgram = /status: (PARTIAL|1) , message: (.*)/;

export const tempoTrace = read({
  name: 'tempo.trace',
  summary: 'One trace: what its time went into (critical path), where its errors began, which service called which',
  input: z.strictObject({
    traceId: TraceId,
    /** Where the time is known, only that is searched: spans outside of it are missing. */
    start: Time.optional(),
    end: Time.optional(),
  }),
  output: TraceSummary,
  command: ({ traceId, start, end }, site) => {
    const http = tempoApi(`v2/traces/${traceId}`, secondsOf(start, end));
    // The program cannot be told a time.
    if (start !== undefined || end !== undefined) return http;
    return either(site, { words: ['trace-id'], address: 'url', args: [traceId] }, http);
  },
  parse: ({ stdout, stderr }) => {
    const answer = parseJson(TraceAnswer, jsonIn(stdout));
    if (answer.resources.length === 0) throw new NotFound('there is no such trace');
    const [, , message] = partialByProgram.exec(stderr) ?? [];
    return summarize(message === undefined ? answer : { ...answer, partial: true, message });
  },
  timeoutMs: tempoTimeoutMs,
  permissions: ['GET /api/v2/traces/{traceID}'],
});
