// When a schedule fires next: the first minute after now that its cron line names, in UTC.
import { readCron, type CronTimes } from '../../../shared/pipelines/cron.ts';

const DAY_MS = 86_400_000;
/** The longest wait between two days of a schedule that is bound to days of the month: 29 February. */
const MOST_DAYS = 2_922;

/** Undefined for a schedule that never fires. */
export function nextPollMs(schedule: string, nowMs: number): number | undefined {
  const times = readCron(schedule);
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  for (let day = 0; day <= MOST_DAYS; day++) {
    const startMs = today + day * DAY_MS;
    if (!firesOn(times, new Date(startMs))) continue;
    const found = minutesOf(times, startMs).find((atMs) => atMs > nowMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

const minutesOf = ({ hours, minutes }: CronTimes, startMs: number): readonly number[] =>
  hours.flatMap((hour) => minutes.map((minute) => startMs + (hour * 60 + minute) * 60_000));

function firesOn({ days, months, weekdays, either }: CronTimes, date: Date): boolean {
  if (months !== undefined && !months.includes(date.getUTCMonth() + 1)) return false;
  const byMonth = days?.includes(date.getUTCDate());
  const byWeek = weekdays?.includes(date.getUTCDay());
  if (byMonth === undefined || byWeek === undefined) return byMonth ?? byWeek ?? true;
  return either ? byMonth || byWeek : byMonth && byWeek;
}
