// Boosting at stations: it counts only where it beats the mean bias of the others, and no station corrects itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { learnedCorrection } from '../../../../jobs/heat/evaluation/learned-correction.ts';
import { leaveOneOut, type StationPairs } from '../../../../jobs/heat/evaluation/leave-one-out.ts';
import { seededRandom } from '../../../../models/downscale/unet/random.ts';
import type { XgboostLibrary } from '../../../../shared/xgboost/library.ts';
import { xgboost, xgboostHere } from '../../xgboost/installed.ts';

const { skip } = xgboostHere;

const random = seededRandom(3);
const [STATIONS, DAYS] = [6, 300];

/** Stations whose error is `errorAt` of the kind of value, and a noise that nothing explains. */
const stationsWith = (errorAt: (kind: number, station: number) => number): readonly StationPairs[] =>
  Array.from({ length: STATIONS }, (_, station) => {
    const kinds = Array.from({ length: DAYS }, (__, at) => (at % 2 === 0 ? 1 : -1));
    const modelled = kinds.map((kind) => 15 + 5 * kind + 6 * random());
    return {
      station: String(station),
      modelled,
      observed: modelled.map((value, at) => value - errorAt(kinds[at]!, station) - random()),
      about: kinds.map((kind) => [kind, 10, 48 + station / 10]),
    };
  });

const judged = (stations: readonly StationPairs[]) => {
  const simple = leaveOneOut(stations).corrected;
  return { simple, ...learnedCorrection(stations, simple, xgboost) };
};

test('what all stations have in common is learned, and is better than the mean bias', { skip }, () => {
  // Maxima are too low and minima too high, so that the mean bias is nothing.
  const { simple, scores, is_better } = judged(stationsWith((kind) => -2 * kind));
  assert.ok(scores.rmse! < 0.5 * simple.rmse!, `${scores.rmse}, the simple one ${simple.rmse}`);
  assert.equal(is_better, true);
  assert.equal(scores.count, STATIONS * DAYS);
});

test(
  'what is of each station alone cannot be learned from the others, and the gate says so',
  { skip },
  () => {
    const { simple, scores, is_better } = judged(stationsWith((_, station) => (station % 2 === 0 ? 3 : -3)));
    assert.ok(scores.rmse! >= simple.rmse!, `${scores.rmse}, the simple one ${simple.rmse}`);
    assert.equal(is_better, false);
  },
);

test('the measurements of a station do not reach its own correction', { skip }, () => {
  const stations = stationsWith((kind) => -2 * kind);
  const poisoned = stations.map((one, at) =>
    at === 3 ? { ...one, observed: Array.from(one.observed, (value) => value + 1000) } : one,
  );
  const [before, after] = [stations, poisoned].map((all) => judged(all).by_station);
  const moved = after!.map(({ scores }, at) => scores.bias! - before![at]!.scores.bias!);
  // The correction is the same, so the poison shows whole; others have learned it.
  assert.ok(Math.abs(moved[3]! + 1000) < 1e-6, String(moved[3]));
  assert.ok(Math.max(...moved.filter((_, at) => at !== 3).map(Math.abs)) > 1, moved.join(', '));
});

const reasonOf = (stations: readonly StationPairs[], library: XgboostLibrary | undefined): string => {
  const { scores, is_better } = learnedCorrection(stations, leaveOneOut(stations).corrected, library);
  assert.deepEqual([scores.rmse, is_better], [null, null]);
  return scores.reasons['rmse']!.text;
};
const some = stationsWith(() => 0);

test('without XGBoost the numbers are null, with the reason', () => {
  assert.match(reasonOf(some, undefined), /not installed/);
});

test('with one station or with too many the numbers are null, with the reason', { skip }, () => {
  assert.match(reasonOf(some.slice(0, 1), xgboost), /no other/);
  const short = { modelled: [1], observed: [1], about: [[1, 2, 3]] };
  const many = Array.from({ length: 51 }, () => ({ ...some[0]!, ...short }));
  assert.match(reasonOf(many, xgboost), /51 stations; trees are learned for at most 50/);
});
