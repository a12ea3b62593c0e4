// How the report writes numbers and days.
import { dayOf } from '../series/panel.ts';

const WHOLE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const SHORT_DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
const MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short' });
const MS_PER_DAY = 86_400_000;

const UNKNOWN = '–';

export const whole = (value: number | null): string => (value === null ? UNKNOWN : WHOLE.format(value));

/** A share as `11.2 %`, never broken over two lines. */
export const percent = (share: number | null, digits = 1): string =>
  share === null ? UNKNOWN : `${(share * 100).toFixed(digits)}\u00a0%`;

/** A share with its sign, as `+0.4 %`. */
export function signedPercent(share: number | null): string {
  const shown = percent(share === null ? null : Math.abs(share));
  if (share === null || Number.parseFloat(shown) === 0) return shown;
  return `${share > 0 ? '+' : '−'}${shown}`;
}

/** `2015-06-19` as `19 Jun 2015`. */
export const shownDay = (iso: string): string => DAY.format(dayOf(iso) * MS_PER_DAY);

/** `2015-06-19` as `Jun`. */
export const month = (iso: string): string => MONTH.format(dayOf(iso) * MS_PER_DAY);

/** `2015-06-19` as `19 Jun`. */
export const shortDay = (iso: string): string => SHORT_DAY.format(dayOf(iso) * MS_PER_DAY);
