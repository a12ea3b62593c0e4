// Dollars, amounts and tables, as docs/COST.md writes them.
import type { Price } from './prices.ts';

export const dollars = (amount: number): string =>
  amount >= 100
    ? `$${amount.toFixed(0)}`
    : amount > 0 && amount < 0.005
      ? '< $0.01'
      : `$${amount.toFixed(2)}`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

export const amountOf = (amount: number): string => {
  if (amount === 0) return '0';
  if (amount >= 100) return Math.round(amount).toLocaleString('en');
  return amount < 0.005 ? '< 0.01' : String(Number(amount.toFixed(2)));
};

export function priceOf({ dollars: each }: Price): string {
  const [factor, name] =
    each >= 0.001 ? [1, ''] : each >= 0.000_001 ? [1000, ' a thousand'] : [1e6, ' a million'];
  return `$${Number((each * factor).toPrecision(4))}${name}`;
}
