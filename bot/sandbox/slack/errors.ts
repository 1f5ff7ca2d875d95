import type { Json } from './types.ts';

/** An expected refusal of the Web API: `{ok:false, error}`. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly details: Json;
  /** `messages` become `response_metadata.messages`. */
  constructor(code: string, messages: readonly string[] = [], details: Json = {}) {
    super(code);
    this.name = 'SlackRefusal';
    this.code = code;
    this.details = messages.length > 0 ? { ...details, response_metadata: { messages } } : details;
  }
}

/** What a person tried on the page and cannot do; `message` is shown to them. */
export class PersonRefusal extends Error {
  readonly code = 'person_refused';
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.name = 'PersonRefusal';
    this.status = status;
  }
}
