import type { z } from 'zod';
import { parseJson } from './json.ts';
import type { Answers, CliCommand, HttpCommand, HttpSequence } from './operation.ts';

/** Stands in a path for what only an earlier answer says; people see `<word>`, which is how it stands in a query. */
export const slot = (word: string): string => encodeURIComponent(`<${word}>`);

/** What an earlier answer says, as the type has it. Throws OutputMalformed. */
export function learned<T>(type: z.ZodType<T>, answers: Answers, name: string): T {
  return parseJson(type, JSON.stringify(answers[name] ?? null));
}

/** Every request that a command may come to, in their order, for people to see. */
export function requestsOf({ of }: HttpSequence): readonly { readonly when: string | null; readonly command: CliCommand | HttpCommand }[] {
  return of.flatMap(({ when, command, undo }) => [
    { when: when ?? null, command },
    ...(undo === undefined ? [] : [{ when: 'where a later one is refused', command: undo }]),
  ]);
}
