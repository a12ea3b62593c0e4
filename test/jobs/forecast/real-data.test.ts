// The job on the shared footfall workbooks: two hundred sites, both layouts.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { evidenceOf } from '../../../jobs/forecast/backtest/evidence.ts';
import { dayOf, isoDateOf } from '../../../jobs/forecast/series/panel.ts';
import { readFolder } from '../../../jobs/forecast/workbook/read.ts';

const FOLDER = new URL('../../../../shared/data/drive-footfall/', import.meta.url);
const skip = existsSync(FOLDER) ? false : `the shared data is not on this machine: ${fileURLToPath(FOLDER)}`;

const roleOf = (name: string) =>
  name.includes('flux') ? 'flux' : name === 'Transco.xlsx' ? 'transco' : 'openings';

test('the five workbooks are read whole, and forecast better than naively', { skip }, async () => {
  const files = readdirSync(FOLDER).map((name) => ({
    role: roleOf(name),
    name,
    bytes: readFileSync(new URL(encodeURIComponent(name), FOLDER)),
  }));
  const reading = await readFolder(files, dayOf('2025-01-01'));
  assert.ok(reading.kind === 'panel', JSON.stringify(reading).slice(0, 500));
  const { panel } = reading;
  assert.deepEqual(
    [panel.sites.length, isoDateOf(panel.firstDay), isoDateOf(panel.lastDay)],
    [200, '2013-01-01', '2015-06-19'],
  );
  assert.deepEqual(reading.excluded, []);
  assert.equal(
    panel.visits.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0),
    101_029_285,
  );

  const to = panel.lastDay + 84;
  const request = {
    panel,
    from: dayOf('2015-01-01'),
    to,
    progress: () => undefined,
  };
  const { walk } = await seasonalEngine('FR').forecast(request);

  const { backtest, coverage, predictions } = evidenceOf(request, walk, 'FR');
  assert.equal(predictions.length, 200 * (170 + 84));
  const { model, naiveLastWeek, naiveMeanOfFour } = backtest.total;
  assert.equal(model.siteDays, 200 * 170);
  assert.ok((model.wape ?? 1) < 0.12, JSON.stringify(model));
  assert.ok((model.wape ?? 1) < (naiveMeanOfFour.wape ?? 0));
  assert.ok((naiveMeanOfFour.wape ?? 1) < (naiveLastWeek.wape ?? 0));
  assert.ok(Math.abs(model.bias ?? 1) < 0.02);
  assert.equal(backtest.horizonWeeks.length, 12);
  for (const { week, within } of coverage.horizonWeeks) {
    assert.ok((within ?? 0) > 0.75 && (within ?? 1) < (week > 6 ? 0.95 : 0.9), `week ${week}: ${within}`);
  }
});
