import type { z } from 'zod';

/** One thing that is wrong with blocks or a view, in the terms of Slack's answers. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the arguments, e.g. `/blocks/0/text/text`. */
  readonly pointer: string;
}

/** The form of `response_metadata.messages`. */
export function spell(problem: Problem): string {
  return `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`;
}

function size(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): [code: string, message: string] {
  const list = issue.origin === 'array';
  if (issue.code === 'too_big') {
    const maximum = Number(issue.maximum);
    if (list) return ['too_many_items', `no more than ${maximum} items allowed`];
    return issue.origin === 'string'
      ? ['too_long', `must be less than ${maximum + 1} characters`]
      : ['too_big', `must be at most ${maximum}`];
  }
  const minimum = Number(issue.minimum);
  if (list) return ['too_few_items', `must have at least ${minimum} items`];
  return issue.origin === 'string'
    ? ['too_short', `must be more than ${minimum - 1} characters`]
    : ['too_small', `must be at least ${minimum}`];
}

function describe(issue: z.core.$ZodIssue): [code: string, message: string] {
  switch (issue.code) {
    case 'too_big':
    case 'too_small':
      return size(issue);
    case 'unrecognized_keys':
      return ['additional_property', `invalid additional property: ${issue.keys.join(', ')}`];
    case 'invalid_union':
      return ['unsupported_type', 'failed to match all allowed schemas'];
    case 'invalid_value':
      return ['invalid_value', `must be one of: ${issue.values.join(', ')}`];
    case 'invalid_type':
      return issue.input === undefined
        ? ['missing_field', `missing required field: ${String(issue.path.at(-1))}`]
        : ['invalid_type', `must provide ${issue.expected}`];
    case 'custom':
      return ['missing_field', `missing required field: ${String(issue.params?.['missing'] ?? issue.path.at(-1))}`];
    default:
      return ['invalid', issue.message];
  }
}

/** zod's issues as Slack words them. */
export function problemsOf(error: z.ZodError, base: string): Problem[] {
  return error.issues.map((issue) => {
    const [code, message] = describe(issue);
    return { code, message, pointer: [base, ...issue.path.map(String)].join('/') };
  });
}
