/** An answer that refuses, in PagerDuty's shape. */
export class PagerDutyProblem extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[];
  constructor(status: number, code: number, message: string, errors: readonly string[] = []) {
    super(message);
    this.name = 'PagerDutyProblem';
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  body(): object {
    return { error: { message: this.message, code: this.code, errors: this.errors } };
  }
}

export function notFound(): PagerDutyProblem {
  return new PagerDutyProblem(404, 2100, 'Not Found', ['The resource was not found.']);
}

export function invalidInput(...errors: readonly string[]): PagerDutyProblem {
  return new PagerDutyProblem(400, 2001, 'Invalid Input Provided', errors);
}
