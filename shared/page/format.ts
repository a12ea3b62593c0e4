// How a language writes numbers and days: in reports, and on the pages that show the same numbers.
import { LOCALES, type Language } from './languages.ts';

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
const A_MONDAY_MS = Date.UTC(1970, 0, 5);
const UNKNOWN = '–';
/** The no-break spaces: before a percent sign, French sets the narrow one, as within numbers. */
const WIDE = '\u00a0';
const NARROW = '\u202f';

/** What a language writes for the first day of a month. */
const FIRST_OF_MONTH: Readonly<Record<Language, string>> = { en: '1', fr: '1er' };

const formats = new Map<Language, Format>();

export function formatOf(language: Language): Format {
  const format = formats.get(language) ?? madeFor(language);
  formats.set(language, format);
  return format;
}

function madeFor(language: Language): Format {
  const [locale, firstOfMonth] = [LOCALES[language], FIRST_OF_MONTH[language]];
  const wholes = later(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
  const percents = [0, 1].map((digits) => later(() => percentIn(locale, digits, 'auto')));
  const signed = later(() => percentIn(locale, 1, 'exceptZero'));
  const days = later(() => dateIn(locale, { day: 'numeric', month: 'short', year: 'numeric' }));
  const shortDays = later(() => dateIn(locale, { day: 'numeric', month: 'short' }));
  const months = later(() => dateIn(locale, { month: 'short' }));
  const weekdays = later(() => dateIn(locale, { weekday: 'short' }));
  const date = (format: Intl.DateTimeFormat, isoDate: string): string =>
    format
      .formatToParts(Date.parse(`${isoDate}T00:00:00Z`))
      .map(({ type, value }) => (type === 'day' && value === '1' ? firstOfMonth : value))
      .join('');
  const known = (value: number | null, shown: (value: number) => string): string =>
    value === null ? UNKNOWN : shown(value).replace('-', '−').replace(WIDE, NARROW);
  return {
    whole: (value) => known(value, (number) => wholes().format(number)),
    percent: (share, digits = 1) => known(share, (number) => (percents[digits] ?? signed)().format(number)),
    signedPercent: (share) => known(share, (number) => signed().format(number)),
    day: (isoDate) => date(days(), isoDate),
    shortDay: (isoDate) => date(shortDays(), isoDate),
    monthOrYear: (isoDate) => (isoDate.slice(5, 7) === '01' ? isoDate.slice(0, 4) : date(months(), isoDate)),
    weekday: (index) => weekdays().format(A_MONDAY_MS + index * MS_PER_DAY),
  };
}

/** Made when it is first used: a formatter takes milliseconds, and most starts of a service write no number. */
function later<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
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
