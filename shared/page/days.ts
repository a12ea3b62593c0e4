// Days as readers name them, `2026-11-27`, in the zone of a pipeline.

/** Of years that every store and formatter takes. */
const DAY = /^(19|20|21)\d{2}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

export const isDay = (text: string): boolean =>
  DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** When the day begins in the zone. */
export function startOfDay(day: string, timeZone: string): number {
  const utcMs = Date.parse(`${day}T00:00:00Z`);
  // The offset of the first guess is that of another hour where the clocks change; the second one is right.
  const guess = utcMs - offsetMs(utcMs, timeZone);
  return utcMs - offsetMs(guess, timeZone);
}

/** When the next day begins; a day has 23 to 25 hours. */
export const endOfDay = (day: string, timeZone: string): number =>
  startOfDay(new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10), timeZone);

/** How far the zone's clocks are ahead of UTC at that time. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  }).formatToParts(new Date(atMs));
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return local - Math.floor(atMs / 1000) * 1000;
}
