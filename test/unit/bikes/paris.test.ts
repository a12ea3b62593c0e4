// The local time of Paris, beside the platform's time zone database.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offsetOf } from '../../../models/bikes/paris.ts';

const HOUR_MS = 3_600_000;
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hour: 'numeric',
  hourCycle: 'h23',
});

/** Hours that the database has Paris ahead of UTC. */
const offsetByDatabase = (hour: number): number =>
  (((Number(clock.format(hour * HOUR_MS)) - hour) % 24) + 24) % 24;

test('Paris is ahead of UTC as the database says, in each hour around each change, and in between', () => {
  for (let year = 1985; year < 2060; year += 1)
    for (const month of [0, 2, 3, 6, 8, 9, 10]) {
      const first = Date.UTC(year, month, 20) / HOUR_MS;
      for (
        let hour = first;
        hour < first + 24 * 13;
        hour += month === 2 || month === 9 || month === 8 ? 1 : 12
      )
        assert.equal(offsetOf(hour), offsetByDatabase(hour), new Date(hour * HOUR_MS).toISOString());
    }
});
