import type { DatabasePool } from 'slonik';
import { uuidv7 } from '../store/id.ts';
import {
  insertLlmCall,
  lockSpending,
  type NewLlmCall,
  type SettledLlmCall,
  type Spent,
  settleLlmCall,
  spentOnIncident,
  spentSince,
} from '../store/llm-calls.ts';
import { inTransaction } from '../store/pool.ts';
import type { Llm } from './settings.ts';

type Limit = Llm['budgets']['incident'];

/** `reserved`: the call may be made, and has to be settled. */
export type Reservation = { readonly kind: 'reserved'; readonly id: string } | { readonly kind: 'exhausted'; readonly reason: string };

/** There is no room for another attempt. Its message is for people. */
export class BudgetSpent extends Error {
  readonly code = 'llm_budget_spent';
  override readonly name = 'BudgetSpent';
}

export interface Budget {
  reserve(call: Omit<NewLlmCall, 'id' | 'at'>): Promise<Reservation>;
  settle(id: string, settled: SettledLlmCall): Promise<void>;
}

export interface BudgetOptions {
  readonly pool: DatabasePool;
  readonly limits: Llm['budgets'];
  readonly now: () => Date;
}

function passed(limit: Limit, spent: Spent, more: Spent): string | null {
  if (limit.tokens !== undefined && spent.tokens + more.tokens > limit.tokens)
    return `${Math.round(spent.tokens)} of ${limit.tokens} tokens are used, and the next call may take ${more.tokens}`;
  if (limit.usd !== undefined && spent.microUsd + more.microUsd > limit.usd * 1e6)
    return `$${(spent.microUsd / 1e6).toFixed(2)} of $${limit.usd.toFixed(2)} are spent, and the next call may cost $${(more.microUsd / 1e6).toFixed(2)}`;
  return null;
}

const none: Spent = { tokens: 0, microUsd: 0 };

/** Budgets of tokens and money, enforced before a call: it is booked with the most that it can cost. */
export function createBudget({ pool, limits, now }: BudgetOptions): Budget {
  return {
    reserve: (call) =>
      inTransaction(pool, async (tx) => {
        await lockSpending(tx);
        const at = now();
        const midnight = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
        const more = { tokens: call.inputTokens + call.outputTokens, microUsd: call.microUsd };
        const scopes = [
          { name: 'this incident', limit: limits.incident, spent: await spentOnIncident(tx, call.incidentId) },
          { name: 'today', limit: limits.day, spent: await spentSince(tx, midnight, null) },
          {
            name: `${call.person} today`,
            limit: call.person === null ? {} : limits.person,
            spent: call.person === null ? none : await spentSince(tx, midnight, call.person),
          },
        ];
        for (const { name, limit, spent } of scopes) {
          const why = passed(limit, spent, more);
          if (why !== null) return { kind: 'exhausted', reason: `the budget of ${name} is used up: ${why}` };
        }
        const id = uuidv7(at);
        await insertLlmCall(tx, { ...call, id, at });
        return { kind: 'reserved', id };
      }),
    settle: (id, settled) => settleLlmCall(pool, id, settled),
  };
}
