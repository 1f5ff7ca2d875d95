export interface LatestWins<T> {
  /**
   * Sends at most one value per key and interval; of what comes in between, the latest is sent when the interval ends.
   * Resolves when the value was sent, or at once when a later one will stand for it. A final value is always sent, now.
   */
  offer(key: string, value: T, final: boolean): Promise<void>;
}

interface Slot<T> {
  waiting: { readonly value: T } | null;
  timer: NodeJS.Timeout;
}

/** `onError` hears of values that failed after their caller had gone. */
export function createLatestWins<T>(
  send: (value: T) => Promise<void>,
  intervalMs: number,
  onError: (error: unknown) => void,
): LatestWins<T> {
  const slots = new Map<string, Slot<T>>();

  function open(key: string): void {
    const timer = setTimeout(() => close(key), intervalMs).unref();
    slots.set(key, { waiting: null, timer });
  }

  function close(key: string): void {
    const waiting = slots.get(key)?.waiting ?? null;
    slots.delete(key);
    if (waiting === null) return;
    open(key);
    send(waiting.value).catch(onError);
  }

  return {
    async offer(key, value, final) {
      const slot = slots.get(key);
      if (final) {
        clearTimeout(slot?.timer);
        slots.delete(key);
        return send(value);
      }
      if (slot !== undefined) {
        slot.waiting = { value };
        return undefined;
      }
      open(key);
      return send(value);
    },
  };
}
