import { clean } from './clean.ts';

/** Whether a person sees every character of every key and string of a JSON value. Line feeds and tabs count as seen. */
export function isVisible(value: unknown): boolean {
  if (typeof value === 'string') return clean(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isVisible(key) && isVisible(item));
}
