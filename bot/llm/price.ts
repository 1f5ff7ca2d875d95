import type { TokenUse } from './providers/provider.ts';
import type { Llm } from './settings.ts';

/** Bytes of a token: measured on operational text it is nearer to 3.5. */
const bytesPerToken = 3;

/** About how many tokens a text has, to see what fits. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** No tokenizer makes more tokens of a text than it has bytes: what is booked before a call is never less than what it can cost. */
export function mostTokensOf(text: string): number {
  return Buffer.byteLength(text);
}

/** Anthropic's, for what is kept for five minutes. */
const writtenFactor = 1.25;

/** In millionths of a dollar, which is what a price per million tokens comes to for one; 0 without a price. */
export function priceOf(prices: Llm['prices'], provider: string, model: string, use: TokenUse): number {
  const price = prices[`${provider}/${model}`];
  if (price === undefined) return 0;
  const { input, cachedInput = input, cacheWrite = input * writtenFactor, output } = price;
  return Math.ceil(use.input * input + use.cached * cachedInput + use.written * cacheWrite + use.output * output);
}

/** The most that a call can cost: all of its input is written to the cache, and its answer is as long as it may be. */
export function mostPriceOf(prices: Llm['prices'], provider: string, model: string, inputTokens: number, outputTokens: number): number {
  const use = (written: number) => ({ input: inputTokens - written, cached: 0, written, output: outputTokens });
  return Math.max(priceOf(prices, provider, model, use(0)), priceOf(prices, provider, model, use(inputTokens)));
}
