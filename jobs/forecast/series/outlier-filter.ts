// Leaves out single days that are out of all proportion: a count with two digits too many, or a dying sensor.
import { dayCount, isoDateOf, type Panel } from './panel.ts';

/** A day with more than so many times the site's usual visitors, or less than such a part, is an outlier. */
const LARGEST_RATIO = 10;
/** The middle of so many earlier open days is usual, so a lasting change is accepted after half of them. */
const JUDGED_BY = 27;
const LEAST = 7;
/** In a site with a handful of visitors a coach party is ten times the usual. */
const LEAST_VISITS = 200;

export interface Outlier {
  readonly code: string;
  readonly mall: string;
  readonly date: string;
  readonly visits: number;
  /** The middle of the open days before. */
  readonly usual: number;
}

export interface FilteredPanel {
  /** As the panel given, with NaN on the days left out. */
  readonly panel: Panel;
  readonly outliers: readonly Outlier[];
}

/** Each day is judged by the days before it alone, so a later file never changes which days are outliers. */
export function filterOutliers(panel: Panel): FilteredPanel {
  const days = dayCount(panel);
  const visits = panel.visits.slice();
  const left = new Set<number>();
  const outliers: Outlier[] = [];
  panel.sites.forEach(({ code, mall }, site) => {
    const recent: number[] = [];
    for (let index = 0; index < days; index += 1) {
      const at = site * days + index;
      const value = panel.visits[at] ?? Number.NaN;
      if (!(value > 0)) continue;
      const usual = usualWhereItLeaps(value, recent);
      if (usual !== undefined) {
        visits[at] = Number.NaN;
        left.add(at);
        outliers.push({ code, mall, date: isoDateOf(panel.firstDay + index), visits: value, usual });
      }
      recent.push(value);
      if (recent.length > JUDGED_BY) recent.shift();
    }
  });
  return { panel: left.size === 0 ? panel : { ...panel, visits, outliers: left }, outliers };
}

/** The middle of the open days before, when the value is out of all proportion to it. */
function usualWhereItLeaps(value: number, recent: readonly number[]): number | undefined {
  if (recent.length < LEAST) return undefined;
  // The middle is only looked for where a site leaps, which is seldom.
  const mayBeHigh = value >= LEAST_VISITS && value > LARGEST_RATIO * Math.min(...recent);
  const mayBeLow = value * LARGEST_RATIO < Math.max(...recent);
  if (!mayBeHigh && !mayBeLow) return undefined;
  const usual = middleOf(recent);
  const isHigh = value >= LEAST_VISITS && value > LARGEST_RATIO * usual;
  const isLow = usual >= LEAST_VISITS && value * LARGEST_RATIO < usual;
  return isHigh || isLow ? usual : undefined;
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
