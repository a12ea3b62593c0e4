// How a language writes numbers, temperatures, days and hours. Times are in UTC, as those of the data are.

type Given = number | null | undefined;

export interface Format {
  whole(value: Given): string;
  decimal(value: Given, digits: number): string;
  /** With its sign: of an error or a difference. */
  signed(value: Given, digits: number): string;
  percent(percent: Given, digits?: number): string;
  degrees(value: Given, digits?: number): string;
  signedDegrees(value: Given, digits?: number): string;
  area(squareKilometres: Given): string;
  /** `2024-07-01` as `1 July 2024`. */
  day(iso: string): string;
  /** Milliseconds as `1 Jul`. */
  shortDay(time: number): string;
  /** Milliseconds as `1 Jul, 15:00`. */
  hour(time: number): string;
}

const UNKNOWN = '–';
const [WIDE, NARROW] = ['\u00a0', '\u202f'];
const DAY = { timeZone: 'UTC', day: 'numeric' } as const;

/** `firstOfMonth` is what the language writes for the first day of a month: `1er` in French. */
export function formatOf(locale: string, firstOfMonth = '1'): Format {
  const days = new Intl.DateTimeFormat(locale, { ...DAY, month: 'long', year: 'numeric' });
  const shortDays = new Intl.DateTimeFormat(locale, { ...DAY, month: 'short' });
  const date = (format: Intl.DateTimeFormat, ms: number): string =>
    format
      .formatToParts(ms)
      .map(({ type, value }) => (type === 'day' && value === '1' ? firstOfMonth : value))
      .join('');
  const number = (value: Given, digits: number, sign = false, unit = ''): string =>
    known(
      value,
      (each) => `${fixed(locale, digits, sign).format(each)}${unit === '' ? '' : `${WIDE}${unit}`}`,
    );
  return {
    whole: (value) => number(value, 0),
    decimal: (value, digits) => number(value, digits),
    signed: (value, digits) => number(value, digits, true),
    percent: (percent, digits = 1) => number(percent, digits, false, '%'),
    degrees: (value, digits = 1) => number(value, digits, false, '°C'),
    signedDegrees: (value, digits = 1) => number(value, digits, true, '°C'),
    area: (squareKilometres) => number(squareKilometres, 1, false, 'km²'),
    day: (iso) => date(days, Date.parse(iso)),
    shortDay: (time) => date(shortDays, time),
    hour: (time) => `${date(shortDays, time)}, ${new Date(time).toISOString().slice(11, 16)}`,
  };
}

const known = (value: Given, shown: (value: number) => string): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? UNKNOWN
    : shown(value).replace('-', '−').replace(`${WIDE}%`, `${NARROW}%`);

/** `−0.0` is 0.0: the sign says nothing there. */
const fixed = (locale: string, digits: number, sign: boolean) =>
  new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: sign ? 'exceptZero' : 'negative',
  });
