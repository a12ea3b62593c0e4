// Rows ahead are forecast block by block, and what is kept of one row says nothing of another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratiosAhead, openSiteDays, type Grown } from '../../../jobs/forecast/xgboost/ahead.ts';
import type { FeatureTable } from '../../../jobs/forecast/xgboost/features.ts';
import type { XgboostLibrary } from '../../../shared/xgboost/library.ts';
import type { DenseBlock } from '../../../shared/xgboost/matrix.ts';
import { pastOf, type Past } from '../../../jobs/forecast/xgboost/past.ts';
import { recentOf } from '../../../jobs/forecast/xgboost/recent.ts';

const AHEAD = 50;

/** Every site is open every day, with visits that differ by site, weekday and week. */
function pastWith(sites: number, days: number): Past {
  const visits = Float64Array.from({ length: sites * days }, (_, at) => {
    const [site, day] = [Math.floor(at / days), at % days];
    return 500 + 10 * site + 100 * (day % 7) + ((day * 37 + site * 11) % 90);
  });
  const openAhead = new Uint8Array(sites * AHEAD).fill(1);
  return pastOf({ firstDay: 20_000, sites, days, ahead: AHEAD, visits, stride: days, openAhead });
}

/** Stands for the library: a matrix is its block, and trees that say the first column of each row. */
function libraryOfBlocks(blocks: number[]): XgboostLibrary {
  const matrix = ({ values, rows }: DenseBlock) => {
    blocks.push(rows);
    return { rows, values: values.slice(), [Symbol.dispose]: () => undefined };
  };
  return { version: '0', matrix, booster: () => undefined } as unknown as XgboostLibrary;
}

const sayingFirstColumn = (target: Grown['target']): Grown =>
  ({
    target,
    booster: {
      predict: ({ rows, values }: { rows: number; values: Float32Array }) =>
        Float32Array.from({ length: rows }, (_, row) => values[row * 2]!),
    },
  }) as unknown as Grown;

test('every row ahead is asked once, whatever the block it falls into', () => {
  const past = pastWith(450, 60);
  const wanted = openSiteDays(past, 1, 40);
  assert.equal(wanted.sites.length, 450 * 40);
  const features: FeatureTable = {
    names: ['of the day', 'site'],
    types: ['q', 'c'],
    cycleWeeks: 1,
    fill: (row, offset, site, origin, day) => row.set([site / 1000 + (day - origin) / 100, site], offset),
  };
  const blocks: number[] = [];
  const members = [sayingFirstColumn('ratio'), sayingFirstColumn('log')];
  const ratios = ratiosAhead(libraryOfBlocks(blocks), past, features, wanted, members);
  assert.equal(blocks.length, 2);
  assert.equal(
    blocks.reduce((sum, rows) => sum + rows),
    450 * 40,
  );
  const expected = Float32Array.from(wanted.sites, (site, at) => {
    const found = Math.fround(site / 1000 + (wanted.days[at]! - past.cut) / 100);
    return (found + Math.fround(Math.exp(found))) / 2;
  });
  assert.deepEqual(ratios, expected);
});

test('what was usual, and what a week was like, do not depend on what was asked before', () => {
  const [past, again] = [pastWith(5, 120), pastWith(5, 120)];
  const [recent, recentAgain] = [recentOf(past), recentOf(again)];
  const asked = Array.from({ length: 400 }, (_, index) => ({
    site: (index * 3) % 5,
    origin: 60 + ((index * 7) % 50),
    ahead: 1 + (index % 20),
    back: index % 16,
  }));
  const answers = (of: typeof asked, from: Past, weeks: ReturnType<typeof recentOf>) =>
    of.map(({ site, origin, ahead, back }) => [
      from.usual(site, origin, origin + ahead),
      weeks.siteWeek(site, origin, back),
    ]);
  const backwards = answers(asked.toReversed(), again, recentAgain).toReversed();
  assert.deepEqual(answers(asked, past, recent), backwards);
  const known = backwards.flat().filter((value) => !Number.isNaN(value));
  assert.ok(new Set(known).size > 300);
});
