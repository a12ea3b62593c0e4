// A chart as a picture: nothing in it that a strict policy refuses, words that stay words, and the colours of one theme.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dailyOf, daysFrom, recentDays } from '../../../shared/report/forecast/days.ts';
import { meansOf } from '../../../shared/report/forecast/means.ts';
import { recentAtFull, recentKeysWithLastYear } from '../../../shared/report/forecast/recent.ts';
import { errorsByWeek, weekKeys } from '../../../shared/report/forecast/weeks.ts';
import { chartLanguage } from '../../../shared/report/forecast/words.ts';
import { yearOf } from '../../../shared/report/forecast/year.ts';
import { picture, THEMES } from '../../../shared/report/picture.ts';

const HOSTILE = `<script>alert(1)</script> " ' & \u202E`;
const [WIDE, NARROW] = [
  { width: 900, height: 300 },
  { width: 300, height: 250 },
];
const SPAN = { firstDay: '2025-01-01', lastDay: '2025-05-09', lastActual: '2025-03-14' };
const filled = (count: number, of: (at: number) => number | null) =>
  Array.from({ length: count }, (_, at) => of(at));
const STORED = {
  predicted: filled(129, (at) => 900 + (at % 7) * 50),
  lower: filled(129, (at) => 800 + (at % 7) * 50),
  upper: filled(129, (at) => 1000 + (at % 7) * 50),
  actual: filled(73, (at) => (at === 40 ? null : 910 + (at % 7) * 50)),
  lastYear: filled(120, (at) => 850 + (at % 7) * 50),
};
const DAYS = dailyOf(SPAN, STORED);
const m = chartLanguage('en');

const drawnAs = (theme: 'light' | 'dark', size = WIDE, title = 'Évry') =>
  picture({ title, keys: recentKeysWithLastYear(m) }, size, theme, recentAtFull(m, recentDays(DAYS)));

test('holds no script, no style and no reference, and hostile words as words', () => {
  const text = drawnAs('light', WIDE, HOSTILE);
  assert.ok(
    !/<script|<style| style=|<foreignObject|href=|url\((?!#)|class=|var\(|#0a000/.test(text),
    text.slice(0, 500),
  );
  assert.ok(text.includes('&lt;script&gt;alert(1)&lt;/script&gt; &quot; &#39; &amp; \u202E'));
  assert.equal(text.match(/<svg/g)?.length, 2);
  assert.equal(text, drawnAs('light', WIDE, HOSTILE), 'the same bytes each time');
});

test('has the colours of its theme, and none of the other', () => {
  const [light, dark] = [drawnAs('light'), drawnAs('dark')];
  for (const name of ['card', 'strong', 'actual', 'model', 'lastWeek']) {
    assert.ok(
      light.includes(THEMES.light.get(name) ?? '?') && dark.includes(THEMES.dark.get(name) ?? '?'),
      name,
    );
    assert.ok(!dark.includes(`"${THEMES.light.get(name) ?? '?'}"`) || name === 'actual', name);
  }
});

test('a narrow one is as wide as a phone, cuts its title and sets its legend in rows', () => {
  const text = drawnAs('light', NARROW, 'x'.repeat(200));
  assert.match(text, /viewBox="0 0 324 \d+"/);
  assert.match(text, />\s+x{20,40}…\s+<\/text>/);
  const rows = new Set(
    [...text.matchAll(/<text x="\d+(?:\.\d+)?" y="([\d.]+)" fill="[^"]+">[a-z\d]/g)].map(([, y]) => y),
  );
  assert.ok(rows.size >= 2, `${rows.size} rows`);
});

test('a legend names what is drawn: naive forecasts only where they are known', () => {
  const week = { monday: '2025-01-06', wape: 0.1 };
  const names = (weeks: Parameters<typeof weekKeys>[1]) => weekKeys(m, weeks).map(({ shape }) => shape);
  assert.deepEqual(names([week]), ['model']);
  assert.deepEqual(names([{ ...week, naiveLastWeek: 0.2, naiveMeanOfFour: null }]), [
    'model',
    'lastWeek',
    'meanOfFour',
  ]);
  assert.match(picture({ title: 'x', keys: [] }, WIDE, 'light', errorsByWeek(m, [week])), />6 Jan</);
});

test('days are cut to the last weeks and to the year, and unknown ones are no numbers', () => {
  const recent = recentDays(DAYS);
  assert.deepEqual([recent.isoDates[0], recent.isoDates.at(-1)], ['2025-01-18', '2025-04-11']);
  assert.ok(
    Number.isNaN(DAYS.actual[40]) && Number.isNaN(DAYS.actual[73]) && Number.isNaN(DAYS.lastYear[128]),
  );
  assert.equal(daysFrom(DAYS, '2025-02-01').isoDates[0], '2025-02-01');
});

test('a year stands beside the year before, as means over the same seven days', () => {
  const means = meansOf(DAYS);
  assert.ok(means.length > 15);
  assert.deepEqual([means[0]?.lastYear, means[0]?.predicted, means[0]?.actual], [1000, 1050, 1060]);
  assert.equal(means.at(-1)?.actual, undefined);
  assert.equal(meansOf({ ...DAYS, lastYear: DAYS.lastYear.map(() => Number.NaN) })[0]?.lastYear, undefined);
});

test('an outlier leaves the chart of a year at its top', () => {
  const odd = dailyOf(SPAN, { ...STORED, actual: filled(73, (at) => (at === 30 ? 90_000 : 900)) });
  const labels = [
    ...picture({ title: 'x', keys: [] }, WIDE, 'light', yearOf(m, odd)).matchAll(
      /text-anchor="end"[^>]*>([\d,]+)</g,
    ),
  ];
  const values = labels.map(([, label = '']) => Number(label.replace(',', '')));
  assert.ok(values.length >= 3 && Math.max(...values) <= 3000, values.join(' '));
});
