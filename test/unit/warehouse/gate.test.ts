// The gate compares two forecasts on the days that both measured, and says on how many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastNotWorseThan } from '../../../shared/pipelines/checks.ts';
import { verdictOf, type Summary } from '../../../shared/warehouse/gate.ts';

const check = forecastNotWorseThan({ days: 'errorsByDay', by: 0.2, leastDays: 14 });
const gate = check.kind === 'forecast-not-worse-than' ? check : assert.fail();

/** `count` days from the given one on, each with an error of so many of 100 visitors. */
const daysFrom = (first: string, count: number, error: number): Summary => ({
  errorsByDay: Array.from({ length: count }, (_, index) => [
    new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10),
    error,
    100,
  ]),
});

test('a forecast is held against the published one on the same days', () => {
  assert.deepEqual(verdictOf(gate, daysFrom('2020-12-01', 31, 5), daysFrom('2020-12-08', 31, 5.9)), {
    kind: 'passed',
    detail:
      'WAPE is 0.059, and that of the last publication 0.05, both on the same 24 days; expected at most 0.06 (20 % worse)',
  });
  assert.equal(
    verdictOf(gate, daysFrom('2020-12-01', 31, 5), daysFrom('2020-12-08', 31, 6.1)).kind,
    'failed',
  );
});

test('a lucky day is no yardstick: days that only one of them has do not count', () => {
  const lucky = daysFrom('2020-12-01', 31, 5);
  const days = [...(lucky['errorsByDay'] as unknown[]), ['2021-01-01', 0, 1_000_000]];
  assert.equal(verdictOf(gate, { errorsByDay: days }, daysFrom('2020-12-08', 20, 5)).kind, 'passed');
});

test('fewer days than two weeks hold nothing, and the reason says how many there were', () => {
  assert.deepEqual(verdictOf(gate, daysFrom('2020-12-01', 31, 5), daysFrom('2020-12-19', 31, 90)), {
    kind: 'none',
    detail: 'Not judged: this run and the last publication share 13 measured days; expected at least 14',
  });
});

test('a summary without a list of days, or with another one, is not judged', () => {
  for (const other of [{}, { errorsByDay: 'x' }, { errorsByDay: [['2021-01-01', -1, 2]] }]) {
    assert.deepEqual(verdictOf(gate, other, daysFrom('2020-12-01', 31, 5)), {
      kind: 'none',
      detail: 'Not judged: the last publication has no list of measured days',
    });
    assert.deepEqual(verdictOf(gate, daysFrom('2020-12-01', 31, 5), other), {
      kind: 'none',
      detail: 'Not judged: this run has no list of measured days',
    });
  }
});
