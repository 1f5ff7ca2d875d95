/** A parsed expression of the estate's PromQL subset. */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'selector'; name: string | null; matchers: Matcher[]; rangeMs: number | null }
  | { kind: 'call'; name: 'rate' | 'irate' | 'increase' | 'vector'; argument: Expression }
  | {
      kind: 'aggregate';
      name: 'sum' | 'avg' | 'max' | 'min' | 'count';
      by: string[] | null;
      without: string[] | null;
      argument: Expression;
    }
  | { kind: 'binary'; operator: Operator; left: Expression; right: Expression };

export type Operator = '+' | '-' | '*' | '/' | '>' | '<' | '>=' | '<=' | '==' | '!=' | 'or';

export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** The expression is outside the subset, or no PromQL at all. */
export class BadExpression extends Error {
  readonly code = 'bad_data';

  constructor(detail: string) {
    super(`the simulated estate does not evaluate this expression: ${detail}`);
    this.name = 'BadExpression';
  }
}
