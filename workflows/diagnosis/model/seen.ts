export type Labels = Readonly<Record<string, string>>;

/** Where a part of the model comes from. */
export interface Seen {
  /** Id of the observation that shows it. */
  readonly observation: string;
  readonly site: string;
}

/** A namespaced object. */
export interface SeenObject extends Seen {
  readonly namespace: string;
  readonly name: string;
}

/** Every label that is asked for is there. An empty selector picks nothing here: that is what a service without one does. */
export function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
