// A date and time as exports and requests write it, as an hour; without an offset it is local time of Paris.
import type { Hour } from './observations.ts';
import { offsetOf } from './paris.ts';

/** How the text says which instant it means. */
export type MomentForm = 'offset' | 'local' | 'epoch' | 'serial';

export type Moment =
  /** The minutes, with their fraction, are those after the start of `hour`. */
  | { readonly kind: 'hour'; readonly hour: Hour; readonly minutes: number; readonly form: MomentForm }
  /** A local time that is there twice, because the clocks go back: in `hour`, in summer time, and in the hour after it. */
  | { readonly kind: 'doubled'; readonly hour: Hour; readonly minutes: number; readonly form: MomentForm }
  /** A local time that is not there, because the clocks go forward. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_TEXT = 40;
const UNREADABLE: Moment = { kind: 'unreadable' };

const ISO =
  /^(\d{4})[-/](\d\d)[-/](\d\d)(?:T| +)(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)? *(?:(Z)|([+-])(\d\d):?(\d\d))?$/i;
/** Days first, as in France. */
const FRENCH = /^(\d\d?)[/.-](\d\d?)[/.-](\d{4}|\d\d)(?:,? +|T)(\d\d?) ?(?:[:h](\d\d)?)(?::(\d\d))?$/i;
const SECONDS = /^\d{9,10}$/;
const MILLISECONDS = /^\d{12,13}$/;
/** Days of Excel since 1899-12-30; five digits are the years 1927 to 2173. */
const SERIAL = /^\d{5}(?:[.,]\d{1,12})?$/;
const EXCEL_EPOCH_MS = Date.UTC(1899, 11, 30);

export function momentOf(text: string): Moment {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_TEXT) return UNREADABLE;
  const iso = ISO.exec(trimmed);
  if (iso !== null) return isoMoment(iso);
  const french = FRENCH.exec(trimmed);
  if (french !== null) {
    const [, day = '', month = '', year = '', hour = '', minute = '0', second = '0'] = french;
    const local = utcOf(year.length === 2 ? `20${year}` : year, month, day, hour, minute, second);
    return local === undefined ? UNREADABLE : inParis(local, 'local');
  }
  if (SECONDS.test(trimmed)) return instant(Number(trimmed) * 1000, 'epoch');
  if (MILLISECONDS.test(trimmed)) return instant(Number(trimmed), 'epoch');
  if (SERIAL.test(trimmed)) return serialMoment(trimmed);
  return UNREADABLE;
}

function isoMoment(parts: RegExpExecArray): Moment {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0'] = parts;
  const [zulu, sign, hours, minutes] = parts.slice(7);
  const local = utcOf(year, month, day, hour, minute, second);
  if (local === undefined) return UNREADABLE;
  if (zulu !== undefined) return instant(local, 'offset');
  if (sign === undefined) return inParis(local, 'local');
  const offset = Number(hours) * HOUR_MS + Number(minutes) * 60_000;
  // No zone is farther from UTC.
  if (offset > 14 * HOUR_MS || Number(minutes) > 59) return UNREADABLE;
  return instant(sign === '-' ? local + offset : local - offset, 'offset');
}

/** Excel keeps a time as a fraction of a day, which is exact to less than a second and rounded here to one. */
function serialMoment(text: string): Moment {
  const days = Number(text.replace(',', '.'));
  return inParis(EXCEL_EPOCH_MS + Math.round((days * DAY_MS) / 1000) * 1000, 'serial');
}

/** Undefined for a date or a time that no calendar has: `2021-02-30`, `24:00`. */
function utcOf(
  year: string,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
): number | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (at.getUTCMonth() !== Number(month) - 1 || at.getUTCDate() !== Number(day)) return undefined;
  return at.getTime() + Number(hour) * HOUR_MS + Number(minute) * 60_000 + Number(second) * 1000;
}

function instant(ms: number, form: MomentForm): Moment {
  const hour = Math.floor(ms / HOUR_MS);
  return { kind: 'hour', hour, minutes: (ms - hour * HOUR_MS) / 60_000, form };
}

/** `localMs`: the local time as if it were UTC. Paris is one hour ahead of UTC in winter, two in summer. */
function inParis(localMs: number, form: MomentForm): Moment {
  const local = Math.floor(localMs / HOUR_MS);
  const minutes = (localMs - local * HOUR_MS) / 60_000;
  const [summer, winter] = [local - 2, local - 1];
  const [isSummer, isWinter] = [offsetOf(summer) === 2, offsetOf(winter) === 1];
  if (isSummer && isWinter) return { kind: 'doubled', hour: summer, minutes, form };
  if (!isSummer && !isWinter) return { kind: 'absent' };
  return { kind: 'hour', hour: isSummer ? summer : winter, minutes, form };
}
