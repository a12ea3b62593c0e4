// All sites taken together as one, so that the total has its own errors and its own band: the sum of the
// sites' bands would be far too wide.
import type { Origin } from '../engine/engine.ts';
import { dayCount, visitsOn, type Panel } from '../series/panel.ts';

export interface Whole {
  /** One site: the sum of the sites that reported. NaN on a day without a report. */
  readonly panel: Panel;
  /** One row: the sum over the same sites on days that are known, over all of them on days to come. */
  of(forecast: Origin): Origin;
}

export function wholeOf(panel: Panel): Whole {
  const days = dayCount(panel);
  const visits = new Float64Array(days).fill(Number.NaN);
  panel.visits.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    const sum = visits[at % days] ?? 0;
    visits[at % days] = (Number.isNaN(sum) ? 0 : sum) + value;
  });
  return {
    panel: {
      sites: [{ code: '', mall: 'All sites', cluster: '' }],
      firstDay: panel.firstDay,
      lastDay: panel.lastDay,
      visits,
      openings: { lastDay: undefined, exception: () => undefined },
    },
    of: ({ asOf, days: width, predictions }) => {
      const sums = new Int32Array(width);
      predictions.forEach((predicted, at) => {
        const day = asOf + 1 + (at % width);
        const site = Math.floor(at / width);
        const isCounted = day > panel.lastDay || !Number.isNaN(visitsOn(panel, site, day));
        if (isCounted) sums[at % width] = (sums[at % width] ?? 0) + predicted;
      });
      return { asOf, days: width, predictions: sums };
    },
  };
}
