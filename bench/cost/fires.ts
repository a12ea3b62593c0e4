// How often in a month the schedules of the program fire, by their cron lines.
import type { PlannedResource } from '../../infra/plan.ts';
import { firesDaily, readCron, type CronTimes } from '../../shared/pipelines/cron.ts';
import { MONTH_DAYS } from './fixed.ts';

export interface Fires {
  readonly tick: number;
  readonly sweep: number;
}

// After 28 years days of the week fall on the same days of the month again.
const FIRST_YEAR = 2001;
const YEARS = 28;
const DAY_MS = 24 * 60 * 60 * 1000;

export function firesOf(plan: readonly PlannedResource[]): Fires {
  const perMonth = (name: RegExp) => {
    const found = plan.find(
      ({ type, inputs }) => type === 'gcp:cloudscheduler/job:Job' && name.test(String(inputs.name)),
    );
    if (found === undefined) throw new Error(`no schedule is named ${name}`);
    const times = readCron(String(found.inputs.schedule));
    return times.minutes.length * times.hours.length * MONTH_DAYS * shareOfDays(times);
  };
  return { tick: perMonth(/^tick-/), sweep: perMonth(/^sweep$/) };
}

/** On which share of all days a schedule fires. */
function shareOfDays(times: CronTimes): number {
  if (firesDaily(times)) return 1;
  const [start, end] = [Date.UTC(FIRST_YEAR, 0, 1), Date.UTC(FIRST_YEAR + YEARS, 0, 1)];
  const days = Array.from({ length: (end - start) / DAY_MS }, (_, day) => new Date(start + day * DAY_MS));
  return days.filter((day) => firesOn(day, times)).length / days.length;
}

function firesOn(day: Date, { days, months, weekdays, either }: CronTimes): boolean {
  if (months?.includes(day.getUTCMonth() + 1) === false) return false;
  const ofMonth = days?.includes(day.getUTCDate());
  const ofWeek = weekdays?.includes(day.getUTCDay());
  return either ? (ofMonth ?? false) || (ofWeek ?? false) : ofMonth !== false && ofWeek !== false;
}
