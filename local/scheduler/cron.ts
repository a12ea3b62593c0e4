// When a schedule fires: the unix cron form that Cloud Scheduler takes, read by croner.
import { Cron } from 'croner';
import { invalid, notImplemented } from '../http/errors.ts';

// Five fields of numbers, names, lists, ranges and steps. croner knows more (L, W, #, ?, @daily, seconds),
// which Google's scheduler would refuse.
const NUMBER_OR_NAME = '(?:\\d{1,2}|[A-Za-z]{3})';
const PART = `(?:\\*|${NUMBER_OR_NAME}(?:-${NUMBER_OR_NAME})?)(?:/\\d{1,2})?`;
const FIELD = `${PART}(?:,${PART})*`;
const UNIX_CRON = new RegExp(`^${FIELD}(?:\\s+${FIELD}){4}$`);

/** Refuses a schedule or time zone that cannot be read: 400; 501 for App Engine's `every 1 hours`. */
export function checkSchedule(schedule: string, timeZone: string): void {
  if (/^every\s/i.test(schedule)) throw notImplemented(`the schedule form "${schedule}": use unix cron`);
  if (!UNIX_CRON.test(schedule.trim())) throw malformed(schedule);
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw invalid(`Time zone "${timeZone}" is malformed.`);
  }
  try {
    firing(schedule, timeZone);
  } catch {
    throw malformed(schedule);
  }
}

/** The first firing after `afterMs`; undefined for a schedule that never comes, such as 30 February. */
export function nextFiringMs(schedule: string, timeZone: string, afterMs: number): number | undefined {
  return firing(schedule, timeZone).nextRun(new Date(afterMs))?.getTime();
}

const firing = (schedule: string, timeZone: string) =>
  new Cron(schedule.trim(), { timezone: timeZone, mode: '5-part', paused: true });

const malformed = (schedule: string) => invalid(`Schedule "${schedule}" or time zone is malformed.`);
