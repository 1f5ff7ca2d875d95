import { z } from 'zod';

/** Kinds of text that may leave for a language model, where a rule says so. A secret never does. */
export const dataClasses = ['finding', 'metric', 'event', 'manifest', 'log', 'message', 'trace'] as const;

/** One of `dataClasses`, or `secret`. */
export const DataClass = z.string().max(50);
export const Provider = z.string().min(1).max(100);

/** Which classes may go to which provider. */
export const EgressRule = z.strictObject({ provider: Provider, classes: z.array(DataClass).max(50) });
