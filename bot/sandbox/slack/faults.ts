import type { Faults } from './types.ts';

export type Fault =
  | { readonly kind: 'rate_limit'; readonly retryAfter: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'http_error' };

export interface FaultSwitch extends Faults {
  /** The fault for this call, used up; undefined when the call shall go well. */
  take(method: string): Fault | undefined;
}

export function createFaults(disconnectSockets: () => void): FaultSwitch {
  const planned = new Map<string, Fault[]>();
  function plan(method: string, times: number, fault: Fault): void {
    planned.set(method, [...(planned.get(method) ?? []), ...Array.from({ length: times }, () => fault)]);
  }
  return {
    rateLimit: (method, times, retryAfterSeconds) => plan(method, times, { kind: 'rate_limit', retryAfter: retryAfterSeconds }),
    hangAfterSuccess: (method, times) => plan(method, times, { kind: 'hang' }),
    httpError: (method, times) => plan(method, times, { kind: 'http_error' }),
    disconnectSockets,
    clear: () => planned.clear(),
    take: (method) => planned.get(method)?.shift(),
  };
}
