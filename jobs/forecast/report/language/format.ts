// How a language writes numbers and days.
import { dayOf, type Day } from '../../series/panel.ts';

export interface Format {
  whole(value: number | null): string;
  /** A share in percent, never broken over two lines. */
  percent(share: number | null, digits?: number): string;
  /** A share in percent with its sign; 0 has none. */
  signedPercent(share: number | null): string;
  /** `2015-06-19` as `19 Jun 2015`. */
  day(isoDate: string): string;
  /** `2015-06-19` as `19 Jun`. */
  shortDay(isoDate: string): string;
  /** `2015-06-19` as `Jun`; a January as its year, since an axis may cross one. */
  monthOrYear(isoDate: string): string;
  /** 0 is Monday. */
  weekday(index: number): string;
}

const MS_PER_DAY = 86_400_000;
/** Monday, 5 January 1970. */
const A_MONDAY: Day = 4;
const UNKNOWN = '–';
/** The no-break spaces: before a percent sign, French sets the narrow one, as within numbers. */
const WIDE = '\u00a0';
const NARROW = '\u202f';

/** `firstOfMonth` is what the language writes for the first day of a month: `1er` in French. */
export function formatOf(locale: string, firstOfMonth = '1'): Format {
  const wholes = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const percents = [0, 1].map((digits) => percentIn(locale, digits, 'auto'));
  const signed = percentIn(locale, 1, 'exceptZero');
  const days = dateIn(locale, { day: 'numeric', month: 'short', year: 'numeric' });
  const shortDays = dateIn(locale, { day: 'numeric', month: 'short' });
  const months = dateIn(locale, { month: 'short' });
  const weekdays = dateIn(locale, { weekday: 'short' });
  const date = (format: Intl.DateTimeFormat, isoDate: string): string =>
    format
      .formatToParts(dayOf(isoDate) * MS_PER_DAY)
      .map(({ type, value }) => (type === 'day' && value === '1' ? firstOfMonth : value))
      .join('');
  const known = (value: number | null, shown: (value: number) => string): string =>
    value === null ? UNKNOWN : shown(value).replace('-', '−').replace(WIDE, NARROW);
  return {
    whole: (value) => known(value, (number) => wholes.format(number)),
    percent: (share, digits = 1) => known(share, (number) => (percents[digits] ?? signed).format(number)),
    signedPercent: (share) => known(share, (number) => signed.format(number)),
    day: (isoDate) => date(days, isoDate),
    shortDay: (isoDate) => date(shortDays, isoDate),
    monthOrYear: (isoDate) => (isoDate.slice(5, 7) === '01' ? isoDate.slice(0, 4) : date(months, isoDate)),
    weekday: (index) => weekdays.format((A_MONDAY + index) * MS_PER_DAY),
  };
}

const percentIn = (locale: string, digits: number, signDisplay: 'auto' | 'exceptZero') =>
  new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay,
  });

const dateIn = (locale: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
