/** The protocols that the stand-in speaks. */
export type Protocol = 'responses' | 'chat' | 'messages' | 'codex';

/** A request as the stand-in read it. */
export interface SeenRequest {
  readonly protocol: Protocol;
  readonly model: string;
  readonly system: string;
  readonly user: string;
  /** Names of the tools. */
  readonly tools: readonly string[];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the stand-in answers, in every protocol. */
export type Scripted =
  | { readonly kind: 'text'; readonly text: string; readonly cached?: number }
  | { readonly kind: 'calls'; readonly calls: readonly { readonly name: string; readonly input: unknown }[] }
  | { readonly kind: 'refusal' }
  /** The answer ends at its limit. */
  | { readonly kind: 'length'; readonly text: string }
  | {
      readonly kind: 'error';
      readonly status: number;
      /** As the protocol calls it, e.g. `insufficient_quota`, `overloaded_error`. */
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error in the middle of the stream. */
  | { readonly kind: 'stream_error'; readonly code: string }
  /** Takes the request, and says nothing more. */
  | { readonly kind: 'hang' }
  /** Breaks off in the middle of the stream. */
  | { readonly kind: 'cut' }
  /** An event that is no JSON. */
  | { readonly kind: 'garbage' };

export type Script = (request: SeenRequest, index: number) => Scripted;
