/** A program or service answered something that its operation cannot read. */
export class OutputMalformed extends Error {
  readonly code = 'output_malformed';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutputMalformed';
  }
}

/** The observed state has no such thing as the input names: a plan on it would be wrong. */
export class TargetMissing extends Error {
  readonly code = 'target_missing';

  constructor(message: string) {
    super(message);
    this.name = 'TargetMissing';
  }
}

/** The site lacks what the operation needs, e.g. a Kubernetes context; or where its credentials are lets nobody in, or does not answer. */
export class SiteIncomplete extends Error {
  readonly code: 'context_unknown' | 'forbidden' | 'throttled' | 'unreachable';

  constructor(message: string, code: SiteIncomplete['code'] = 'context_unknown') {
    super(message);
    this.name = 'SiteIncomplete';
    this.code = code;
  }
}

/** A listing succeeded, and what was asked for is not in it. */
export class NotFound extends Error {
  readonly code = 'not_found';

  constructor(message: string) {
    super(message);
    this.name = 'NotFound';
  }
}

/** A file is not as an edit expects it, or cannot be edited without touching more than was asked. */
export class EditRefused extends Error {
  readonly code = 'failed';

  constructor(message: string) {
    super(message);
    this.name = 'EditRefused';
  }
}

/** What the system answers speaks against going on: nothing more is started or sent. */
export class Objected extends Error {
  readonly code = 'forbidden';

  constructor(message: string) {
    super(message);
    this.name = 'Objected';
  }
}
