/** At most `limit` characters, with a mark where something is left out; well-formed whatever was cut through. */
export function bounded(text: string, limit: number): string {
  return (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`).toWellFormed();
}
