// The calendar of Paris and the slots of hours that follow from it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calendarDay, easterOf, SCHOOL_HOLIDAYS } from '../../../models/bikes/calendar.ts';
import { slotOf } from '../../../models/bikes/slots.ts';

const dayOf = (date: string): number => Date.parse(`${date}T00:00Z`) / 86_400_000;
const hourOf = (time: string): number => Date.parse(time) / 3_600_000;
const schoolHoliday = (date: string): string => SCHOOL_HOLIDAYS[calendarDay(dayOf(date)).schoolHoliday]!;

describe('the calendar of Paris', () => {
  it('has Easter where the church has it', () => {
    const years = {
      2019: '04-21',
      2020: '04-12',
      2021: '04-04',
      2024: '03-31',
      2025: '04-20',
      2038: '04-25',
    };
    for (const [year, date] of Object.entries(years))
      assert.equal(easterOf(Number(year)), dayOf(`${year}-${date}`), year);
  });

  it('has the public holidays of 2021, and no others', () => {
    const first = dayOf('2021-01-01');
    const found = Array.from({ length: 365 }, (_, index) => first + index)
      .filter((day) => calendarDay(day).isPublicHoliday)
      .map((day) => new Date(day * 86_400_000).toISOString().slice(5, 10));
    assert.deepEqual(found, [
      ...['01-01', '04-05', '05-01', '05-08', '05-13', '05-24'],
      ...['07-14', '08-15', '11-01', '11-11', '12-25'],
    ]);
  });

  it('has school holidays from the first day without school to the last', () => {
    assert.equal(schoolHoliday('2021-07-06'), 'none');
    assert.equal(schoolHoliday('2021-07-07'), 'summer');
    assert.equal(schoolHoliday('2021-09-01'), 'summer');
    assert.equal(schoolHoliday('2021-09-02'), 'none');
    assert.equal(schoolHoliday('2021-02-28'), 'winter');
    assert.equal(schoolHoliday('2026-10-17'), 'autumn');
  });

  it('counts the days of holidays and of terms from both ends, up to a fortnight', () => {
    const ends = (date: string): readonly number[] => {
      const { since, until } = calendarDay(dayOf(date));
      return [since, until];
    };
    assert.deepEqual(ends('2021-07-07'), [0, 14]);
    assert.deepEqual(ends('2021-08-25'), [14, 7]);
    assert.deepEqual(ends('2021-09-01'), [14, 0]);
    assert.deepEqual(ends('2021-09-02'), [0, 14]);
    assert.deepEqual(ends('2021-02-13'), [0, 14]);
    assert.deepEqual(ends('2021-02-16'), [3, 12]);
  });

  it('answers for years without published dates from what every year has', () => {
    assert.equal(schoolHoliday('2031-08-15'), 'summer');
    assert.equal(schoolHoliday('2031-12-31'), 'christmas');
    assert.equal(schoolHoliday('2031-01-02'), 'christmas');
    assert.equal(schoolHoliday('2031-03-10'), 'none');
    assert.equal(schoolHoliday('2010-07-20'), 'summer');
  });
});

describe('slots', () => {
  it('follow local time, in winter and in summer', () => {
    assert.deepEqual(slotOf(hourOf('2021-01-13T07:00Z')), {
      ...{ slot: 8, hour: 8, weekday: 2, month: 1, schoolHoliday: 0, since: 9, until: 14 },
    });
    assert.equal(slotOf(hourOf('2021-06-16T06:00Z')).slot, 8);
  });

  it('take Saturdays and Sundays apart, and a public holiday for a Sunday', () => {
    assert.equal(slotOf(hourOf('2021-06-12T06:00Z')).slot, 24 + 8);
    assert.equal(slotOf(hourOf('2021-06-13T06:00Z')).slot, 48 + 8);
    assert.equal(slotOf(hourOf('2021-07-14T06:00Z')).slot, 48 + 8);
    assert.equal(slotOf(hourOf('2021-07-14T06:00Z')).weekday, 6);
  });
});
