import { RE2JS } from 're2js';
import { milliseconds } from '../programs/flags.ts';
import { BadExpression, type Expression, type Matcher, type Operator } from './expression.ts';

const token =
  /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![a-z]))|([a-zA-Z_:][a-zA-Z0-9_:]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\[[0-9a-z]+\])|(=~|!~|!=|==|>=|<=|[-+*/()<>{},=]))/y;
const maxLength = 2000;
const maxDepth = 50;

/**
 * Parses the subset: selectors with = != =~ !~, `[range]` in rate, irate and increase, sum, avg, max, min and count with by or
 * without, + - * / and comparisons, `or`, `vector(n)`, numbers and parentheses. Throws BadExpression for everything else.
 */
export function parseExpression(text: string): Expression {
  if (text.length > maxLength) throw new BadExpression('it is too long');
  const parser = new Parser(tokens(text));
  const expression = parser.expression(0, 0);
  parser.end();
  return expression;
}

function tokens(text: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new BadExpression(`unexpected text at ${at}`);
    found.push(match[0].trim());
  }
  return found;
}

const precedence: Readonly<Record<string, number>> = {
  or: 1,
  '==': 2,
  '!=': 2,
  '>': 2,
  '<': 2,
  '>=': 2,
  '<=': 2,
  '+': 3,
  '-': 3,
  '*': 4,
  '/': 4,
};
const aggregates = ['sum', 'avg', 'max', 'min', 'count'] as const;
const calls = ['rate', 'irate', 'increase', 'vector'] as const;

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(list: readonly string[]) {
    this.#tokens = list;
  }

  expression(minimum: number, depth: number): Expression {
    if (depth > maxDepth) throw new BadExpression('it is nested too deeply');
    let left = this.#unary(depth);
    for (;;) {
      const operator = this.#peek();
      const binding = Object.hasOwn(precedence, operator) ? (precedence[operator] ?? 0) : 0;
      if (binding === 0 || binding <= minimum) return left;
      this.#at += 1;
      left = { kind: 'binary', operator: operator as Operator, left, right: this.expression(binding, depth + 1) };
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new BadExpression(`unexpected ${this.#peek()}`);
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(expected?: string): string {
    const next = this.#peek();
    if (next === '' || (expected !== undefined && next !== expected))
      throw new BadExpression(expected === undefined ? 'it ends too early' : `expected ${expected}`);
    this.#at += 1;
    return next;
  }

  #unary(depth: number): Expression {
    const next = this.#peek();
    if (next === '-') {
      this.#take();
      return { kind: 'binary', operator: '-', left: { kind: 'number', value: 0 }, right: this.expression(4, depth + 1) };
    }
    if (next === '(') return this.#parenthesised(depth);
    if (/^\d/.test(next)) return { kind: 'number', value: Number(this.#take()) };
    if (next === '{') return this.#selector(null);
    if (!/^[a-zA-Z_:]/.test(next)) throw new BadExpression(next === '' ? 'it ends too early' : `unexpected ${next}`);
    const name = this.#take();
    const aggregate = aggregates.find((candidate) => candidate === name);
    if (aggregate && ['(', 'by', 'without'].includes(this.#peek())) return this.#aggregate(aggregate, depth);
    if (this.#peek() !== '(') return this.#selector(name);
    const call = calls.find((candidate) => candidate === name);
    if (!call) throw new BadExpression(`the function ${name}`);
    return this.#call(call, depth);
  }

  #parenthesised(depth: number): Expression {
    this.#take('(');
    const inner = this.expression(0, depth + 1);
    this.#take(')');
    return inner;
  }

  #call(name: (typeof calls)[number], depth: number): Expression {
    const argument = this.#parenthesised(depth);
    const isRange = argument.kind === 'selector' && argument.rangeMs !== null;
    if (name === 'vector' ? argument.kind !== 'number' : !isRange) throw new BadExpression(`the argument of ${name}`);
    return { kind: 'call', name, argument };
  }

  #aggregate(name: (typeof aggregates)[number], depth: number): Expression {
    const before = this.#grouping();
    const argument = this.#parenthesised(depth);
    const grouping = before ?? this.#grouping();
    return {
      kind: 'aggregate',
      name,
      by: grouping?.word === 'by' ? grouping.labels : null,
      without: grouping?.word === 'without' ? grouping.labels : null,
      argument,
    };
  }

  #grouping(): { word: string; labels: string[] } | null {
    const word = this.#peek();
    if (word !== 'by' && word !== 'without') return null;
    this.#take();
    this.#take('(');
    const labels: string[] = [];
    while (this.#peek() !== ')') {
      labels.push(this.#take());
      if (this.#peek() === ',') this.#take();
    }
    this.#take(')');
    return { word, labels };
  }

  #selector(name: string | null): Expression {
    const matchers: Matcher[] = [];
    if (this.#peek() === '{') {
      this.#take();
      while (this.#peek() !== '}') {
        matchers.push(this.#matcher());
        if (this.#peek() === ',') this.#take();
      }
      this.#take('}');
    }
    if (name === null && matchers.length === 0) throw new BadExpression('a selector needs a name or a matcher');
    const range = /^\[(.+)\]$/.exec(this.#peek())?.[1];
    if (range === undefined) return { kind: 'selector', name, matchers, rangeMs: null };
    this.#take();
    const rangeMs = milliseconds(range.replace(/^(\d+)d$/, (_, days: string) => `${Number(days) * 24}h`));
    if (rangeMs === null || rangeMs === 0) throw new BadExpression(`the range ${range}`);
    return { kind: 'selector', name, matchers, rangeMs };
  }

  #matcher(): Matcher {
    const label = this.#take();
    const operator = this.#take();
    const quoted = this.#take();
    const known = (['=', '!=', '=~', '!~'] as const).find((candidate) => candidate === operator);
    if (!known || !/^["']/.test(quoted)) throw new BadExpression(`the matcher of ${label}`);
    const value = quoted.slice(1, -1).replace(/\\(.)/g, '$1');
    if (known.endsWith('~') && !compiles(value)) throw new BadExpression(`the regular expression of ${label}`);
    return { label, operator: known, value };
  }
}

/** Prometheus' own expression language, RE2: linear time, whatever the text. */
function compiles(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
