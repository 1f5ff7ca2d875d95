import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

/** RFC 9457. `code` is a stable word for programs; `detail` is for people. */
export const ProblemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type ProblemDocument = z.infer<typeof ProblemDocument>;

interface ProblemExtras {
  readonly headers?: Readonly<Record<string, string>>;
  /** RFC 6901 pointers into the request. */
  readonly errors?: readonly { pointer: string; detail: string }[];
  /** For what failed here (5xx): nothing came of it, so it may be sent again as it was. */
  readonly nothingDone?: true;
  readonly cause?: unknown;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An answer that is not a success, with words that may be shown to whoever asked. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly extras: ProblemExtras;
  constructor(status: number, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const { errors, headers } = problem.extras;
  const document: ProblemDocument = {
    type: 'about:blank',
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    requestId: request.id,
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
  request.nothingDone = problem.extras.nothingDone === true;
  // Serialised here: no route's response type applies to it.
  return reply
    .code(problem.status)
    .headers({ ...headers })
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(document);
}
