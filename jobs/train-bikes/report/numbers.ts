// How the report writes numbers and days.

const MS_PER_DAY = 86_400_000;
const UNKNOWN = '–';
const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const days = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
const times = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  ...({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
});

const known = (value: number | null | undefined, shown: (value: number) => string): string =>
  value === null || value === undefined || Number.isNaN(value) ? UNKNOWN : shown(value).replace('-', '−');

export const whole = (value: number | null | undefined): string =>
  known(value, (number) => wholes.format(number));
export const decimal = (value: number | null | undefined, digits: number): string =>
  known(value, (number) => number.toFixed(digits));
export const percent = (share: number | null | undefined): string =>
  known(share, (number) => `${(number * 100).toFixed(1)} %`);

/** Days since 1970 as `10 Aug`. */
export const dayText = (day: number): string => days.format(day * MS_PER_DAY);
/** An ISO time in UTC as local time of Paris. */
export const timeText = (iso: string): string => times.format(Date.parse(iso));
