import formbody from '@fastify/formbody';
import multipart, { type MultipartFile } from '@fastify/multipart';
import { z } from 'zod';
import type { Api } from '../api/context.ts';

export type Fields = Readonly<Record<string, string>>;

/** Bytes of a file: as much as the API takes of a policy bundle, in base64. */
const mostOfFile = 3 * 1024 * 1024;
/** Characters of a field that is kept when the session has ended: more is no typing. */
const mostOfDraft = 20_000;

const FormBody = z.record(z.string(), z.string().max(mostOfFile * 2)).catch({});

/** Files come as fields in base64. */
async function asField(part: MultipartFile): Promise<void> {
  (part as MultipartFile & { value: string }).value = (await part.toBuffer()).toString('base64');
}

/** Forms of pages, with files or without. */
export function takeForms(scoped: Api): void {
  void scoped.register(formbody);
  const limits = { fileSize: mostOfFile, files: 1, fields: 20, fieldSize: mostOfDraft, parts: 21 };
  void scoped.register(multipart, { attachFieldsToBody: 'keyValues', onFile: asField, limits });
}

/** What came with a form; nothing where it is none. */
export function fieldsOf(body: unknown): Fields {
  return FormBody.parse({ ...(body as object | null) });
}

export function worthKeeping(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length <= mostOfDraft));
}
