import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api/context.ts';
import { Problem } from '../api/problem.ts';

export type Fields = Readonly<Record<string, string>>;

/** Bytes of a file: as much as the API takes of a policy bundle, in base64. */
const mostOfFile = 3 * 1024 * 1024;
/** Characters of a field that is kept when the session has ended: more is no typing. */
const mostOfDraft = 20_000;
const limits = { fileSize: mostOfFile, files: 1, fields: 20, fieldSize: mostOfDraft, parts: 21 };
/** Bytes of a whole form with a file. */
const mostOfForm = mostOfFile + 64 * 1024;

const FormBody = z.record(z.string(), z.string().max(mostOfDraft)).catch({});

/** Forms without files: the body is at most what the API takes. */
export function takeForms(scoped: Api): void {
  void scoped.register(formbody);
}

/** Forms with a file: added to the routes that take one, and to no other. Nothing is read before the handler asks for it. */
export function takeFiles(scoped: Api): void {
  void scoped.register(multipart, { limits });
}

/** What came with a form; nothing where it is none. */
export function fieldsOf(body: unknown): Fields {
  return FormBody.parse({ ...(body as object | null) });
}

function tooLarge(): Problem {
  return new Problem(413, 'bad_request', `The file is larger than ${mostOfFile / 1024 / 1024} MB.`);
}

/** Before anything is read: throws Problem for what is no form with a file, or says itself that it is too large. */
export function requireFileForm({ headers }: FastifyRequest): void {
  if (!/^multipart\/form-data\b/i.test(headers['content-type'] ?? ''))
    throw new Problem(415, 'bad_request', 'This form has a file: send it as multipart/form-data.');
  if (Number(headers['content-length'] ?? 0) > mostOfForm) throw tooLarge();
}

/**
 * A form with a file, which comes as a field in base64. The first field is the form's token: `check` throws for one that does not hold,
 * and then nothing that follows is read.
 */
export async function fileFieldsOf(request: FastifyRequest, check: (token: string) => void): Promise<Fields> {
  const fields: Record<string, string> = {};
  let checked = false;
  for await (const part of request.parts()) {
    if (!checked) check(part.type === 'field' && part.fieldname === 'token' ? String(part.value) : '');
    else fields[part.fieldname] = part.type === 'field' ? String(part.value) : (await part.toBuffer()).toString('base64');
    checked = true;
  }
  if (!checked) check('');
  return fields;
}

export function worthKeeping(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length <= mostOfDraft));
}
