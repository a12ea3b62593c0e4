// Whether a site is open: the census, the usual week, holidays, and life itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingCalendar } from '../../../jobs/forecast/openings/openings.ts';
import { dayOf, weekdayOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { panelOf, type TestSite } from './panels.ts';

const SUNDAY = 6;
const closedOnSundays: TestSite = { visits: (day) => (weekdayOf(day) === SUNDAY ? 0 : 100) };
const alwaysOpen: TestSite = { visits: () => 100 };

const isOpen = (panel: Panel, site: number, iso: string, asOf: string): boolean =>
  openingCalendar(panel, 'FR', dayOf('2026-12-31')).isOpen(site, dayOf(iso), dayOf(asOf));

test('the usual week is learnt from the site itself', () => {
  const panel = panelOf('2025-01-01', '2025-03-30', [closedOnSundays, alwaysOpen]);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), false);
  assert.equal(isOpen(panel, 0, '2025-04-05', '2025-03-30'), true);
  assert.equal(isOpen(panel, 1, '2025-04-06', '2025-03-30'), true);
});

test('the census goes before the usual week, in both directions', () => {
  const exceptions = { '2025-04-06': true, '2025-04-05': false };
  const panel = panelOf('2025-01-01', '2025-03-30', [{ ...closedOnSundays, exceptions }]);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), true);
  assert.equal(isOpen(panel, 0, '2025-04-05', '2025-03-30'), false);
});

test('a site that stopped reporting Sundays, but reports the week, is closed on Sundays', () => {
  const silent: TestSite = { visits: (day) => (weekdayOf(day) === SUNDAY ? Number.NaN : 100) };
  const panel = panelOf('2025-01-01', '2025-03-30', [silent]);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), false);
});

test('exactly half of the last Sundays closed counts as closed', () => {
  const half: TestSite = {
    visits: (day) => (weekdayOf(day) === SUNDAY && Math.floor(day / 7) % 2 === 0 ? 0 : 100),
  };
  const panel = panelOf('2025-01-01', '2025-03-30', [half]);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), false);
});

test('exceptional Sundays of the census do not make Sundays usual', () => {
  const sundays = ['02-09', '02-16', '02-23', '03-02', '03-09', '03-16', '03-23'].map((day) => `2025-${day}`);
  const exceptions = Object.fromEntries(sundays.map((iso) => [iso, true]));
  const visits = (day: Day) => (weekdayOf(day) !== SUNDAY || day >= dayOf('2025-02-09') ? 100 : 0);
  const lastUsual: TestSite = {
    visits: (day) => (day === dayOf('2025-03-30') ? 0 : visits(day)),
    exceptions,
  };
  const panel = panelOf('2025-01-01', '2025-03-30', [lastUsual]);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), false);
});

test('nothing after the day of knowledge is used', () => {
  const changed: TestSite = {
    visits: (day) => (weekdayOf(day) === SUNDAY && day < dayOf('2025-02-01') ? 0 : 100),
  };
  const panel = panelOf('2024-11-01', '2025-06-29', [changed]);
  assert.equal(isOpen(panel, 0, '2025-02-02', '2025-01-26'), false);
  assert.equal(isOpen(panel, 0, '2025-06-29', '2025-06-22'), true);
});

test('a weekday that a new site has not lived through is as with the other sites', () => {
  const opened: TestSite = { visits: (day) => (day < dayOf('2025-03-27') ? Number.NaN : 50) };
  const panel = panelOf('2025-01-01', '2025-03-29', [closedOnSundays, closedOnSundays, opened]);
  assert.equal(isOpen(panel, 2, '2025-03-30', '2025-03-29'), false);
  assert.equal(isOpen(panel, 2, '2025-03-31', '2025-03-29'), true);
});

test('a site without an open day in eight weeks is closed until the census lists it as open', () => {
  const closed: TestSite = {
    visits: (day) => (day > dayOf('2025-02-01') ? 0 : 100),
    exceptions: { '2025-04-10': true },
  };
  const panel = panelOf('2025-01-01', '2025-03-30', [closed]);
  assert.equal(isOpen(panel, 0, '2025-04-01', '2025-03-30'), false);
  assert.equal(isOpen(panel, 0, '2025-04-10', '2025-03-30'), true);
  assert.equal(isOpen(panel, 0, '2025-02-10', '2025-02-09'), true, 'eight days are too few');
});

test('nine weeks without any report close no site', () => {
  const silent: TestSite = { visits: (day) => (day > dayOf('2025-01-26') ? Number.NaN : 100) };
  const panel = panelOf('2024-11-01', '2025-03-30', [silent]);
  assert.equal(isOpen(panel, 0, '2025-04-01', '2025-03-30'), true);
});

test('past the census a site is closed on a holiday on which it used to close', () => {
  // 14 July was a Monday in 2025 and is a Tuesday in 2026.
  const closes: TestSite = { visits: (day) => (day === dayOf('2025-07-14') ? 0 : 100) };
  const panel = panelOf('2025-01-01', '2026-06-28', [closes, alwaysOpen]);
  assert.equal(isOpen(panel, 0, '2026-07-14', '2026-06-28'), false);
  assert.equal(isOpen(panel, 0, '2026-07-15', '2026-06-28'), true);
  assert.equal(isOpen(panel, 1, '2026-07-14', '2026-06-28'), true);
});

test('within the census a holiday that it does not name follows the usual week', () => {
  const closes: TestSite = { visits: (day) => (day === dayOf('2025-07-14') ? 0 : 100) };
  const panel = panelOf('2025-01-01', '2026-06-28', [closes], '2026-07-31');
  assert.equal(isOpen(panel, 0, '2026-07-14', '2026-06-28'), true);
});

test('a holiday that the site never lived through follows the usual week', () => {
  const panel = panelOf('2026-01-05', '2026-06-28', [alwaysOpen]);
  assert.equal(isOpen(panel, 0, '2026-07-14', '2026-06-28'), true);
});

test('how the next holiday went is not known before it', () => {
  const closes: TestSite = { visits: (day) => (day === dayOf('2026-07-14') ? 0 : 100) };
  const panel = panelOf('2025-01-01', '2026-08-30', [closes]);
  assert.equal(isOpen(panel, 0, '2026-07-14', '2026-07-12'), true);
});

const openSundaysFrom = (first: string): TestSite => ({
  visits: (day) => (weekdayOf(day) === SUNDAY && day < dayOf(first) ? 0 : 100),
});

test('a new pattern is accepted after two weeks, and not after one', () => {
  const panel = panelOf('2025-01-01', '2025-05-11', [openSundaysFrom('2025-03-23')]);
  assert.equal(isOpen(panel, 0, '2025-03-30', '2025-03-23'), false);
  assert.equal(isOpen(panel, 0, '2025-04-06', '2025-03-30'), true);
});

test('a site that closes is closed after two weeks', () => {
  const panel = panelOf('2025-01-01', '2025-05-11', [
    { visits: (day) => (day >= dayOf('2025-03-17') ? 0 : 100) },
    alwaysOpen,
  ]);
  assert.equal(isOpen(panel, 0, '2025-03-24', '2025-03-23'), true);
  assert.equal(isOpen(panel, 0, '2025-03-31', '2025-03-30'), false);
});

test('Christmas and New Year, a week apart, close no weekday', () => {
  // Both were Wednesdays in the winter of 2024.
  const holidays = [dayOf('2024-12-25'), dayOf('2025-01-01')];
  const panel = panelOf('2024-10-01', '2025-01-05', [
    { visits: (day) => (holidays.includes(day) ? 0 : 100) },
  ]);
  assert.equal(isOpen(panel, 0, '2025-01-08', '2025-01-05'), true);
});

/** Closed on Sundays; shut for eight weeks, and open again from the given day. */
const reopened = (first: string): TestSite => ({
  visits: (day) => (weekdayOf(day) === SUNDAY || (day >= dayOf(first) - 56 && day < dayOf(first)) ? 0 : 4000),
});

test('a reopening is accepted after three open days, with the week that was usual before', () => {
  const panel = panelOf('2024-06-01', '2025-05-11', [reopened('2025-04-07'), alwaysOpen]);
  assert.equal(isOpen(panel, 0, '2025-04-09', '2025-04-08'), false, 'two days are too few');
  assert.equal(isOpen(panel, 0, '2025-04-11', '2025-04-09'), true, 'a Friday, not lived through yet');
  assert.equal(isOpen(panel, 0, '2025-04-13', '2025-04-09'), false, 'a Sunday, closed before as well');
  assert.equal(isOpen(panel, 0, '2025-05-05', '2025-04-27'), true, 'three weeks later');
});

test('the census stands above what a reopening shows', () => {
  const site = { ...reopened('2025-04-07'), exceptions: { '2025-04-11': false } };
  const panel = panelOf('2024-06-01', '2025-05-11', [site]);
  assert.equal(isOpen(panel, 0, '2025-04-11', '2025-04-09'), false);
});

test('one day that the census opens ends no closure', () => {
  const opened = ['2025-03-05', '2025-03-12', '2025-03-19'].map(dayOf);
  const site: TestSite = {
    visits: (day) => (day < dayOf('2025-02-10') || opened.includes(day) ? 100 : 0),
    exceptions: { '2025-03-05': true, '2025-03-12': true, '2025-03-19': true },
  };
  assert.equal(isOpen(panelOf('2024-11-01', '2025-03-23', [site]), 0, '2025-03-26', '2025-03-23'), false);
});
