import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { IssuerUnavailable } from '../oidc/issuer.ts';
import { NodeMissing } from '../store/audit-sequence.ts';
import { InvalidTransition, NotFound, ReadRefused, Rejected, StoreUnavailable } from '../store/errors.ts';
import { Problem, sendProblem } from './problem.ts';

const clientErrors: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this route accepts.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Nothing of this media type is taken here. The API takes application/json.',
  FST_REQ_FILE_TOO_LARGE: 'The file is larger than this form accepts.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the address is longer than anything there is.',
  FST_ERR_BAD_URL: 'The address is not well-formed.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; it must be JSON.',
};

const readWords: Readonly<Record<ReadRefused['code'], string>> = {
  reads_busy: 'Too much is read at once. Come again soon.',
  read_too_slow: 'That takes too long to look for. Say more exactly what it is, for example from when until when.',
};

/** What the database itself refused is not stored. Where the connection was lost, the commit may have got through. */
function storeWords({ reason, message }: StoreUnavailable): string {
  if (reason === 'disk_full' || reason === 'too_many_connections') return `Nothing was stored: ${message}.`;
  return `${message.replace(/^t/, 'T')}. What was to be changed may have been, or not: look before you send it again.`;
}

function fromFramework(error: FastifyError): Problem | null {
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return null;
  return new Problem(status, 'bad_request', clientErrors[error.code] ?? 'The request could not be read.');
}

/** What went wrong → what the caller is told. Null: a fault of ours, which is not told. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      pointer: issue.instancePath === '/' ? '' : issue.instancePath,
      detail: issue.message ?? 'invalid',
    }));
    return new Problem(400, 'invalid_request', `The request's ${error.validationContext ?? 'content'} is not as it must be.`, { errors });
  }
  if (error instanceof NotFound) return new Problem(404, error.code, `There is ${error.message}.`);
  if (error instanceof InvalidTransition) return new Problem(409, error.code, error.message);
  if (error instanceof NodeMissing) return new Problem(409, error.code, `${error.message}: look with POST /v1/audit/verify.`);
  if (error instanceof Rejected) return new Problem(422, error.code, 'What was sent contradicts what is stored.');
  if (error instanceof StoreUnavailable) return new Problem(503, error.code, storeWords(error), { headers: { 'retry-after': '5' } });
  if (error instanceof ReadRefused)
    return new Problem(503, error.code, readWords[error.code], { headers: { 'retry-after': '5' }, cause: error });
  if (error instanceof IssuerUnavailable)
    return new Problem(
      503,
      error.code,
      'The identity provider does not answer, so nobody can be recognised by a sign-in now. Service tokens work.',
      {
        headers: { 'retry-after': '5' },
        cause: error,
      },
    );
  return error instanceof Error && 'statusCode' in error && 'code' in error ? fromFramework(error as FastifyError) : null;
}

/** For addresses that are not even looked for: too long, or not decodable. */
export function refuseAddress(log: Logger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    log.debug({ requestId: request.id, code: error.code }, 'an address could not be read');
    const problem = fromFramework(error) ?? new Problem(400, 'bad_request', 'The address could not be read.');
    return sendProblem(request, reply, problem);
  };
}

export function createErrorHandler(log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = toProblem(error);
    const fields = { requestId: request.id, route: request.routeOptions.url };
    if (problem === null) {
      log.error({ ...fields, err: error }, 'a request failed');
      return sendProblem(request, reply, new Problem(500, 'internal', 'Something went wrong here. The log has it under this request id.'));
    }
    if (problem.status >= 500) log.warn({ ...fields, code: problem.code }, 'a request could not be served');
    return sendProblem(request, reply, problem);
  };
}
