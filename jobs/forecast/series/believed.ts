// Leaves out single days that are out of all proportion, such as a count with two digits too many.
import { dayCount, isoDateOf, type Panel } from './panel.ts';

/** A day with more than so many times the site's usual visitors is not believed. */
const LARGEST_RATIO = 10;
/** The middle of so many earlier open days is usual, so a lasting change is believed after half of them. */
const JUDGED_BY = 27;
const LEAST = 7;
/** In a site with a handful of visitors a coach party is ten times the usual. */
const LEAST_VISITS = 200;

export interface Disbelieved {
  readonly code: string;
  readonly mall: string;
  readonly date: string;
  readonly visits: number;
  /** The middle of the open days before. */
  readonly usual: number;
}

export interface BelievedPanel {
  /** As the panel given, with NaN on the days left out. */
  readonly panel: Panel;
  readonly disbelieved: readonly Disbelieved[];
}

/** Each day is judged by the days before it alone, so a later file never changes what was believed. */
export function believe(panel: Panel): BelievedPanel {
  const days = dayCount(panel);
  const visits = panel.visits.slice();
  const disbelieved: Disbelieved[] = [];
  panel.sites.forEach(({ code, mall }, site) => {
    const recent: number[] = [];
    for (let index = 0; index < days; index += 1) {
      const value = panel.visits[site * days + index] ?? Number.NaN;
      if (!(value > 0)) continue;
      // The middle is only looked for where a site leaps, which is seldom.
      const leaps =
        recent.length >= LEAST && value >= LEAST_VISITS && value > LARGEST_RATIO * Math.min(...recent);
      const usual = leaps ? middleOf(recent) : value;
      if (value > LARGEST_RATIO * usual) {
        visits[site * days + index] = Number.NaN;
        disbelieved.push({ code, mall, date: isoDateOf(panel.firstDay + index), visits: value, usual });
      }
      recent.push(value);
      if (recent.length > JUDGED_BY) recent.shift();
    }
  });
  return { panel: disbelieved.length === 0 ? panel : { ...panel, visits }, disbelieved };
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
