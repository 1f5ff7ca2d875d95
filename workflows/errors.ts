/** A row, file or operation that should exist does not. */
export class PlanInvalid extends Error {
  readonly code = 'plan_invalid';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PlanInvalid';
  }
}
