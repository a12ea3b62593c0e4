// Before the walk there are only naive forecasts to learn from. They err more than the engine does: their
// scores are made smaller as the days say on which both are known.
import type { Origin } from '../engine/engine.ts';
import { forEachKnownDay } from '../backtest/known.ts';
import type { Day, Panel } from '../series/panel.ts';
import { relativeError } from './scores.ts';

const WEEK = 7;
/** A site that was closed, or full, against all forecasts says nothing of the usual error. */
const LARGEST = 1;

/** The errors of one evening's forecast by horizon week: sums of their sizes, and of how many they are. */
interface SizedOrigin {
  readonly asOf: Day;
  readonly sizes: Float64Array;
  readonly counts: Float64Array;
}

/** By how much a naive score is multiplied, as known on an evening: 1 until both can be compared. */
export function lendingOf(panel: Panel, own: readonly Origin[], naive: readonly Origin[]) {
  const evenings = new Set(own.map(({ asOf }) => asOf));
  const ours = own.map((origin) => sizesOf(panel, origin));
  const theirs = naive.filter(({ asOf }) => evenings.has(asOf)).map((origin) => sizesOf(panel, origin));
  return (asOf: Day): number => {
    const [mine, other] = [meanSize(ours, asOf), meanSize(theirs, asOf)];
    return mine > 0 && other > 0 ? mine / other : 1;
  };
}

function sizesOf(panel: Panel, origin: Origin): SizedOrigin {
  const weeks = Math.ceil(origin.days / WEEK);
  const sizes = new Float64Array(weeks);
  const counts = new Float64Array(weeks);
  forEachKnownDay(panel, [origin], panel.firstDay, ({ horizonWeek, at, actual }) => {
    const error = relativeError(actual, origin.predictions[at] ?? 0);
    if (Number.isNaN(error)) return;
    sizes[horizonWeek - 1]! += Math.min(LARGEST, Math.abs(error));
    counts[horizonWeek - 1]! += 1;
  });
  return { asOf: origin.asOf, sizes, counts };
}

/** Over whole weeks that had passed by then; 0 of none. */
function meanSize(origins: readonly SizedOrigin[], asOf: Day): number {
  let [sizes, counts] = [0, 0];
  for (const origin of origins) {
    const passed = Math.min(origin.sizes.length, Math.floor((asOf - origin.asOf) / WEEK));
    for (let week = 0; week < passed; week += 1) {
      sizes += origin.sizes[week]!;
      counts += origin.counts[week]!;
    }
  }
  return counts === 0 ? 0 : sizes / counts;
}
