// How often the visitors lay within the band, on days that the band was not computed from.
import type { Origin } from '../engine/engine.ts';
import { forEachKnownDay } from '../backtest/known.ts';
import type { Day, Panel } from '../series/panel.ts';
import type { Intervals } from './intervals.ts';

/** Shares of the site-days on which a site was open, or was forecast to be: a closed day has no band. */
export interface Coverage {
  /** The nominal coverage is 0.8; null where no day is known. */
  readonly within: number | null;
  readonly below: number | null;
  readonly above: number | null;
  readonly siteDays: number;
  /** The mean width of the band over the mean prediction. */
  readonly width: number | null;
}

export interface CoverageBacktest {
  /** The first week ahead, which is what the table holds for past days. */
  readonly total: Coverage;
  readonly horizonWeeks: readonly (Coverage & { readonly week: number })[];
}

/** Over the days from `from` (1 January) whose actual is known. */
export function coverageOf(
  panel: Panel,
  origins: readonly Origin[],
  from: Day,
  intervals: Intervals,
): CoverageBacktest {
  const weeks: Counts[] = [];
  for (const origin of origins) {
    const { lower, upper } = intervals.around(origin);
    forEachKnownDay(panel, [origin], from, ({ horizonWeek, at, actual }) => {
      const predicted = origin.predictions[at] ?? 0;
      if (predicted === 0 && actual === 0) return;
      const counts = (weeks[horizonWeek - 1] ??= { within: 0, below: 0, above: 0, width: 0, predicted: 0 });
      const [low, high] = [lower[at] ?? 0, upper[at] ?? 0];
      counts[actual < low ? 'below' : actual > high ? 'above' : 'within'] += 1;
      counts.width += high - low;
      counts.predicted += predicted;
    });
  }
  return {
    total: coverage(weeks[0]),
    horizonWeeks: weeks.map((counts, index) => ({ week: index + 1, ...coverage(counts) })),
  };
}

interface Counts {
  within: number;
  below: number;
  above: number;
  width: number;
  predicted: number;
}

function coverage(counts: Counts | undefined): Coverage {
  const { within = 0, below = 0, above = 0, width = 0, predicted = 0 } = counts ?? {};
  const siteDays = within + below + above;
  const share = (part: number, whole = siteDays) => (whole === 0 ? null : Number((part / whole).toFixed(4)));
  return {
    within: share(within),
    below: share(below),
    above: share(above),
    siteDays,
    width: share(width, predicted),
  };
}
