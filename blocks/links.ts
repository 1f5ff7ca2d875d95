/** Addresses of what a message refers to; null where no public address is configured. */
export interface Links {
  incident(id: string): string | null;
  plan(id: string): string | null;
  observation(id: string): string | null;
  /** That an entry of the audit log, by its id, is in the signed log. */
  proof(id: string): string | null;
}

/** `publicUrl` without or with a trailing slash; null makes every address null. */
export function createLinks(publicUrl: string | null): Links {
  const base = publicUrl?.replace(/\/+$/, '') ?? null;
  const address = (path: string, id: string) => (base === null ? null : `${base}${path}/${encodeURIComponent(id)}`);
  return {
    incident: (id) => address('/incidents', id),
    plan: (id) => address('/plans', id),
    observation: (id) => address('/observations', id),
    proof: (id) => address('/audit/entries/by-id', id),
  };
}

/** Enough of a hash to tell two apart by eye. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}
