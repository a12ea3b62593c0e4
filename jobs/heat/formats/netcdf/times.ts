// The times of a NetCDF variable, `hours since 1900-01-01 00:00:00.0` and the like, as milliseconds since 1970.
import { utcTime } from '../dates.ts';

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ...['second', 'seconds', 'sec', 's'].map((unit) => [unit, 1000] as const),
  ...['minute', 'minutes', 'min'].map((unit) => [unit, 60_000] as const),
  ...['hour', 'hours', 'hr', 'h'].map((unit) => [unit, 3_600_000] as const),
  ...['day', 'days', 'd'].map((unit) => [unit, 86_400_000] as const),
]);
/** In each of them a date after 1582 is the date of our calendar. */
const CALENDARS = new Set(['gregorian', 'standard', 'proleptic_gregorian']);
const SINCE =
  /^([a-z]+) since (\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.0*)?)?)?\s*(?:Z|UTC|\+00:?00)?$/i;

export type Clock = { readonly unitMs: number; readonly origin: number };

/** Undefined where the unit is none of time since a date, in UTC. */
export function clockOf(units: string): Clock | undefined {
  const [, unit = '', ...numbers] = SINCE.exec(units.trim()) ?? [];
  const unitMs = UNIT_MS.get(unit.toLowerCase());
  if (unitMs === undefined) return undefined;
  const [year, month, day, ...clock] = numbers.map((text) => Number(text ?? 0));
  const origin = utcTime(year!, month!, day!, ...clock);
  return origin === undefined ? undefined : { unitMs, origin };
}

/** Where no calendar is given, it is the standard one. */
export const isKnownCalendar = (calendar: unknown): boolean =>
  calendar === undefined || (typeof calendar === 'string' && CALENDARS.has(calendar.toLowerCase()));

/** Rounded to whole seconds: days as float64 are off by microseconds. */
export const timeOf = (value: number, { unitMs, origin }: Clock): number =>
  origin + Math.round((value * unitMs) / 1000) * 1000;
