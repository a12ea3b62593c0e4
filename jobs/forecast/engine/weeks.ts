// The walk forward: each week is predicted from what was known before it began.
import { weekdayOf, type Day } from '../series/panel.ts';

export interface Week {
  /** The last day whose actuals may be used. */
  readonly asOf: Day;
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
}

/**
 * The steps from `from` to `to`: ISO weeks as far as actuals are known, cut at both ends, each from the Sunday
 * before it; then one step from the last actual to the end.
 *
 *     ... |Mo ─ Su|Mo ─ Fr|Sa Su ─────────────── to
 *      asOf┘  asOf┘   asOf┘  └ all that is left
 */
export function weeksBetween(from: Day, to: Day, lastActual: Day): readonly Week[] {
  const weeks: Week[] = [];
  let day = from;
  while (day <= Math.min(to, lastActual)) {
    const monday = day - weekdayOf(day);
    const end = Math.min(monday + 6, lastActual, to);
    weeks.push({ asOf: monday - 1, from: day, to: end });
    day = end + 1;
  }
  if (day <= to) weeks.push({ asOf: lastActual, from: day, to });
  return weeks;
}
