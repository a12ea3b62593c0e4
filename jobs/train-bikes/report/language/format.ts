// How a language writes numbers, days and times.

type Given = number | null | undefined;

export interface Format {
  whole(value: Given): string;
  decimal(value: Given, digits: number): string;
  /** A share in percent, never broken over two lines. */
  percent(share: Given, digits?: number): string;
  /** Days since 1970 as `10 Aug`. */
  day(day: number): string;
  /** An ISO time in UTC as local time of Paris. */
  time(iso: string): string;
}

const MS_PER_DAY = 86_400_000;
const UNKNOWN = '–';
/** The no-break spaces: before a percent sign, French sets the narrow one, as within numbers. */
const WIDE = '\u00a0';
const NARROW = '\u202f';
const TIME = {
  timeZone: 'Europe/Paris',
  ...({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
} as const;

/** `firstOfMonth` is what the language writes for the first day of a month: `1er` in French. */
export function formatOf(locale: string, firstOfMonth = '1'): Format {
  const wholes = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
  const times = new Intl.DateTimeFormat(locale, TIME);
  const date = (format: Intl.DateTimeFormat, ms: number): string =>
    format
      .formatToParts(ms)
      .map(({ type, value }) => (type === 'day' && value === '1' ? firstOfMonth : value))
      .join('');
  return {
    whole: (value) => known(value, (number) => wholes.format(number)),
    decimal: (value, digits) => known(value, (number) => fixed(locale, digits).format(number)),
    percent: (share, digits = 1) => known(share, (number) => fixed(locale, digits, 'percent').format(number)),
    day: (day) => date(days, day * MS_PER_DAY),
    time: (iso) => date(times, Date.parse(iso)),
  };
}

const known = (value: Given, shown: (value: number) => string): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? UNKNOWN
    : shown(value).replace('-', '−').replace(WIDE, NARROW);

const fixed = (locale: string, digits: number, style: 'decimal' | 'percent' = 'decimal') =>
  new Intl.NumberFormat(locale, {
    style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
