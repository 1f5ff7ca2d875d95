export type Fault =
  | { readonly kind: 'rate_limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'error'; readonly status: number }
  | { readonly kind: 'hang' };

/** Switches for tests. `operation` is a name as in the ledger, or `*` for every one. */
export interface PeerFaults {
  /** The next `times` calls are refused with 429 and have no effect. */
  rateLimit(operation: string, times: number, retryAfterSeconds: number): void;
  /** The next `times` calls are answered with `status` (503 unless told) and have no effect. */
  serverError(operation: string, times: number, status?: number): void;
  /** The next `times` calls have their effect and are never answered. */
  hangAfterAccept(operation: string, times: number): void;
  clear(): void;
}

export interface FaultSwitch extends PeerFaults {
  /** The fault for this call, used up; undefined when the call shall go well. */
  take(operation: string): Fault | undefined;
}

export function createFaults(): FaultSwitch {
  const planned: { operation: string; left: number; fault: Fault }[] = [];
  const plan = (operation: string, left: number, fault: Fault) => void planned.push({ operation, left, fault });
  return {
    rateLimit: (operation, times, retryAfterSeconds) => plan(operation, times, { kind: 'rate_limit', retryAfterSeconds }),
    serverError: (operation, times, status = 503) => plan(operation, times, { kind: 'error', status }),
    hangAfterAccept: (operation, times) => plan(operation, times, { kind: 'hang' }),
    clear: () => void planned.splice(0),
    take: (operation) => {
      const found = planned.find((entry) => entry.left > 0 && (entry.operation === '*' || entry.operation === operation));
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}
