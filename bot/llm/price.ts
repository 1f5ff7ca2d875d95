import type { TokenUse } from './providers/provider.ts';
import type { Llm } from './settings.ts';

/** Characters of a token: measured on operational text it is nearer to 3.5, and a budget should not be passed. */
const charactersPerToken = 3;

export function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** In millionths of a dollar, which is what a price per million tokens comes to for one; 0 without a price. */
export function priceOf(prices: Llm['prices'], provider: string, model: string, use: TokenUse): number {
  const price = prices[`${provider}/${model}`];
  if (price === undefined) return 0;
  return Math.ceil(use.input * price.input + use.cached * (price.cachedInput ?? price.input) + use.output * price.output);
}
