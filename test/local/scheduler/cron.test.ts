// When a cron line fires, in its time zone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSchedule, nextFiringMs } from '../../../local/scheduler/cron.ts';

const firings = (schedule: string, timeZone: string, from: string, count: number) => {
  const times: string[] = [];
  let atMs = Date.parse(from);
  for (let index = 0; index < count; index++) {
    atMs = nextFiringMs(schedule, timeZone, atMs) ?? NaN;
    times.push(new Date(atMs).toISOString().slice(0, 16));
  }
  return times;
};

test('an hourly schedule fires at the top of each hour, strictly after the given time', () => {
  assert.deepEqual(firings('0 * * * *', 'Etc/UTC', '2025-01-06T00:00:00Z', 2), [
    '2025-01-06T01:00',
    '2025-01-06T02:00',
  ]);
});

test('a schedule is read in the time zone of its job, over a change of summer time', () => {
  assert.deepEqual(firings('30 6 * * *', 'Europe/Paris', '2025-03-29T00:00:00Z', 2), [
    '2025-03-29T05:30',
    '2025-03-30T04:30',
  ]);
});

test('a day of the month and a day of the week together mean either, as in unix cron', () => {
  assert.deepEqual(firings('0 0 10 * MON', 'Etc/UTC', '2025-01-06T00:00:00Z', 3), [
    '2025-01-10T00:00',
    '2025-01-13T00:00',
    '2025-01-20T00:00',
  ]);
});

test('a date that never comes has no firing', () => {
  assert.equal(nextFiringMs('0 0 30 2 *', 'Etc/UTC', Date.UTC(2025, 0, 6)), undefined);
});

for (const schedule of [
  '',
  'hourly',
  '@daily',
  '0 * * *',
  '0 0 * * * *',
  '61 * * * *',
  '0 0 L * *',
  '* * * * ?',
]) {
  test(`the schedule "${schedule}" is refused`, () => {
    assert.throws(() => checkSchedule(schedule, 'Etc/UTC'), { code: 400 });
  });
}

test('a time zone that is none, and the form of App Engine, are refused', () => {
  assert.throws(() => checkSchedule('0 * * * *', 'Europe/Carmila'), { code: 400 });
  assert.throws(() => checkSchedule('every 1 hours', 'Etc/UTC'), { code: 501 });
});
