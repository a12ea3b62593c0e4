// A month's usage, and what it costs by the list prices.
import { PRICES, type Counted, type Price, type Reading, type Service } from './prices.ts';

/** How much of what a month takes. */
export type Usage = Readonly<Partial<Record<Counted, number>>>;

export function sumOf(usages: readonly Usage[]): Usage {
  const sum: Partial<Record<Counted, number>> = {};
  for (const usage of usages) {
    for (const [counted, amount] of Object.entries(usage) as [Counted, number][]) {
      sum[counted] = (sum[counted] ?? 0) + amount;
    }
  }
  return sum;
}

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(Object.entries(usage).map(([counted, amount]) => [counted, amount * factor]));

export interface Bill {
  readonly dollars: number;
  /** What each reading would add, or, of metrics, would come to in place of what is in the sum. */
  readonly readings: Readonly<Record<Reading, number>>;
  readonly byService: Readonly<Partial<Record<Service, number>>>;
}

/** What a month's usage costs; `free` says whether the free amounts are taken off first. */
export function billOf(usage: Usage, { free }: { readonly free: boolean }): Bill {
  const byService: Partial<Record<Service, number>> = {};
  const readings: Record<Reading, number> = { conditions: 0, references: 0, minutes: 0 };
  let dollars = 0;
  for (const [counted, amount] of Object.entries(usage) as [Counted, number][]) {
    const price: Price = PRICES[counted];
    const cost = Math.max(0, amount - (free ? price.free : 0)) * price.dollars;
    if (price.reading !== undefined) readings[price.reading] += cost;
    else {
      byService[price.service] = (byService[price.service] ?? 0) + cost;
      dollars += cost;
    }
  }
  return { dollars, readings, byService };
}
