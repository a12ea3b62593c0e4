// The bands: as wide as the errors were, blind to what comes, whole numbers around the prediction.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Origin } from '../../../jobs/forecast/engine/engine.ts';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { coverageOf } from '../../../jobs/forecast/intervals/coverage.ts';
import { intervalsFrom } from '../../../jobs/forecast/intervals/intervals.ts';
import { evidenceOf } from '../../../jobs/forecast/backtest/evidence.ts';
import { dayCount, dayOf, weekdayOf, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf, type TestSite } from './panels.ts';

/** Chance that is the same every time: 0 to 1, evenly. */
const chance = (site: number, day: number): number => {
  const mixed = Math.imul(day * 2_654_435_761 + site * 97_531, 0x45d9f3b) >>> 0;
  return (Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b) >>> 0) / 2 ** 32;
};

/** Sites around a thousand, the first half steady (±10 %), the other half not (±40 %); closed on Sundays. */
const noisy = (count: number): readonly TestSite[] =>
  Array.from({ length: count }, (_, site) => ({
    visits: (day) => {
      const spread = site < count / 2 ? 0.1 : 0.4;
      return weekdayOf(day) === 6 ? 0 : Math.round(1000 * (1 + spread * (2 * chance(site, day) - 1)));
    },
  }));

async function evidence(panel: Panel) {
  const span = { panel, from: yearStart(panel.lastDay), to: panel.lastDay + 84 };
  const forecast = await seasonalEngine('FR').forecast({ ...span, progress: () => undefined });
  return { span, ...evidenceOf(span, forecast.walk, 'FR') };
}

test('about eight in ten actuals lie within, one below and one above, and unsteady sites have wider bands', async () => {
  const { coverage, band, span } = await evidence(panelOf('2023-06-01', '2025-06-20', noisy(20)));
  for (const { week, within, below, above } of coverage.horizonWeeks) {
    assert.ok((within ?? 0) > 0.76 && (within ?? 1) < 0.86, `week ${week}: ${within}`);
    assert.ok(Math.max(below ?? 1, above ?? 1) < 0.14, `week ${week}: ${below} ${above}`);
  }
  const width = span.to - span.from + 1;
  const widthOf = (site: number) => {
    const at = site * width + dayOf('2025-06-24') - span.from;
    return (band.upper[at] ?? 0) - (band.lower[at] ?? 0);
  };
  assert.ok(widthOf(15) > 2 * widthOf(2), `${widthOf(15)} ${widthOf(2)}`);
});

test('bounds hold the prediction, are whole and never below 0, and a closed day has none', async () => {
  const { band, predictions } = await evidence(panelOf('2024-01-01', '2025-04-11', noisy(4)));
  assert.ok(predictions.includes(0));
  predictions.forEach((predicted, at) => {
    const [lower = -1, upper = -1] = [band.lower[at], band.upper[at]];
    assert.ok(lower >= 0 && lower <= predicted && upper >= predicted);
    if (predicted === 0) assert.equal(upper, 0);
    else assert.ok(upper > lower);
  });
});

test('what comes after a forecast changes nothing of its band', async () => {
  const panel = panelOf('2023-10-01', '2025-05-16', noisy(4));
  const cut = dayOf('2025-03-10');
  const days = dayCount(panel);
  const visits = panel.visits.map((value, at) =>
    panel.firstDay + (at % days) < cut ? value : value * 3 + 77,
  );
  const before = await evidence(panel);
  const after = await evidence({ ...panel, visits });
  const width = before.span.to - before.span.from + 1;
  for (let site = 0; site < 4; site += 1) {
    // The week that begins with the cut was forecast before it.
    const until = site * width + cut + 7 - before.span.from;
    for (const bound of ['lower', 'upper'] as const) {
      assert.deepEqual(
        after.band[bound].slice(site * width, until),
        before.band[bound].slice(site * width, until),
      );
    }
  }
  assert.notDeepEqual(after.band.upper, before.band.upper);
});

test('with nothing to learn from, a band reaches from 0 to twice the prediction', async () => {
  const { band, predictions, span } = await evidence(
    panelOf('2025-03-04', '2025-03-06', [{ visits: () => 80 }]),
  );
  const at = dayOf('2025-03-11') - span.from;
  assert.deepEqual([band.lower[at], predictions[at], band.upper[at]], [0, 80, 160]);
});

test('coverage counts open days only, and a site open against its forecast lies above', () => {
  const visits = (day: number) => (day === dayOf('2025-01-06') ? 0 : day === dayOf('2025-01-07') ? 50 : 100);
  const panel = panelOf('2025-01-05', '2025-01-09', [{ visits }]);
  const origin: Origin = {
    asOf: dayOf('2025-01-05'),
    days: 7,
    predictions: Int32Array.of(0, 0, 100, 100, 100, 0, 0),
  };
  const { total } = coverageOf(panel, [origin], dayOf('2025-01-01'), intervalsFrom(panel, [origin], []));
  assert.deepEqual(total, { within: 0.6667, below: 0, above: 0.3333, siteDays: 3, width: 2 });
});
