/** Keys whose values are ours, never text from outside: masking them would break the message. */
const structural = new Set(['type', 'block_id', 'action_id', 'callback_id', 'task_id', 'value', 'style', 'private_metadata', 'status']);

/** Applies `redact` to every string of a message that a person can read. */
export function redactLeaves<T>(message: T, redact: (text: string) => string): T {
  if (typeof message === 'string') return redact(message) as T;
  if (Array.isArray(message)) return message.map((item) => redactLeaves(item, redact)) as T;
  if (typeof message !== 'object' || message === null) return message;
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [key, structural.has(key) ? value : redactLeaves(value, redact)]),
  ) as T;
}

const identifier = /^([0-9a-f]{64}|[0-9a-f-]{36})$/;
const identifiers = new Set(['id', 'incidentId', 'planId', 'stepId', 'person']);

/** The same for data on its way into a view: whole values are masked before a view cuts or quotes them. Hashes, UUIDs and our ids stay. */
export function redactData<T>(data: T, redact: (text: string) => string): T {
  if (typeof data === 'string') return (identifier.test(data) ? data : redact(data)) as T;
  if (Array.isArray(data)) return data.map((item) => redactData(item, redact)) as T;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, identifiers.has(key) ? value : redactData(value, redact)]),
  ) as T;
}
