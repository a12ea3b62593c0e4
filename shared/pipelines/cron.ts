// Parses a unix cron line into the times that it names, for use outside cron.

/** Undefined means all. Weekdays count from 0, Sunday. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly weekdays: readonly number[] | undefined;
  /** Days of the month and of the week are both given: cron then fires on either. */
  readonly either: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
// A step applies to `*` or a range; Google's scheduler accepts none for a single number.
const PART = /^(?:(?:\*|([0-9a-z]{1,3})-([0-9a-z]{1,3}))(?:\/(\d{1,2}))?|([0-9a-z]{1,3}))$/;

/** Throws a RangeError that names the wrong field. */
export function readCron(line: string): CronTimes {
  const fields = line.trim().toLowerCase().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5)
    throw new RangeError(`the schedule "${line}": expected five fields of a unix cron`);
  const days = numbersOf(day, 1, 31);
  // 7 is Sunday as well.
  const weekdays = numbersOf(weekday, 0, 7, WEEKDAYS)?.map((each) => each % 7);
  return {
    minutes: numbersOf(minute, 0, 59) ?? range(0, 59),
    hours: numbersOf(hour, 0, 23) ?? range(0, 23),
    days,
    months: numbersOf(month, 1, 12, MONTHS),
    weekdays: weekdays && [...new Set(weekdays)].sort((one, other) => one - other),
    either: days !== undefined && weekdays !== undefined,
  };
}

/** Whether it fires on each day, at whatever hours. */
export const firesDaily = ({ days, months, weekdays = [] }: CronTimes): boolean =>
  days === undefined && months === undefined && [0, 7].includes(weekdays.length);

/** The numbers of one field, in order; undefined for `*`. Names stand for numbers from `least` on. */
function numbersOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): readonly number[] | undefined {
  if (field === '*') return undefined;
  const numbers = new Set(field.split(',').flatMap((part) => partOf(part, least, most, names)));
  return [...numbers].sort((one, other) => one - other);
}

function partOf(part: string, least: number, most: number, names: readonly string[]): readonly number[] {
  const found = PART.exec(part);
  const numberOf = (text: string) => (names.includes(text) ? names.indexOf(text) + least : Number(text));
  const [, from, to, step = '1', alone] = found ?? [];
  const first = alone ?? from;
  const last = alone ?? to;
  const low = first === undefined ? least : numberOf(first);
  const high = last === undefined ? most : numberOf(last);
  const every = Number(step);
  if (found === null || !(low >= least && high <= most && low <= high && every >= 1)) {
    throw new RangeError(`the schedule's field "${part}": expected numbers from ${least} to ${most}`);
  }
  return range(low, high).filter((number) => (number - low) % every === 0);
}

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
