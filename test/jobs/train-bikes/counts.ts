// Generated counts of a few counters: a rhythm of days and weeks, and noise that follows from a seed.
import { randomOf } from '../../../jobs/train-bikes/training/network/random.ts';
import type { Observations } from '../../../models/bikes/observations.ts';
import { slotOf } from '../../../models/bikes/slots.ts';

export const FIRST_HOUR = Date.parse('2021-05-03T22:00Z') / 3_600_000;

/** `change` may replace the count of any counter and hour. */
export function generatedCounts(
  days: number,
  counters = 3,
  change: (count: number, counter: number, hour: number) => number = (count) => count,
): Observations {
  const random = randomOf(7);
  const hours = days * 24;
  const rows = counters * hours;
  const columns = {
    counter: new Uint16Array(rows),
    hour: new Int32Array(rows),
    count: new Float32Array(rows),
  };
  for (let row = 0; row < rows; row += 1) {
    const counter = Math.floor(row / hours);
    const hour = FIRST_HOUR + (row % hours);
    const { hour: ofDay, weekday } = slotOf(hour);
    const rush = weekday < 5 ? Math.exp(-((ofDay - 8.5 - counter) ** 2) / 4) : 0.2;
    const count = Math.round((counter + 1) * 20 * (0.1 + rush) * (0.7 + 0.6 * random()));
    columns.counter[row] = counter;
    columns.hour[row] = hour;
    columns.count[row] = change(count, counter, hour);
  }
  return {
    counters: Array.from({ length: counters }, (_, index) => ({
      name: `counter ${index}`,
      latitude: 48.85 + index / 100,
      longitude: 2.35,
    })),
    ...columns,
  };
}
