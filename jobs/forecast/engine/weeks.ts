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
 * ISO weeks from `from` to `to`, cut at both ends. Past the last actual one step covers all that is left.
 *
 *     ... |Mo ─ Su|Mo ─ Fr  Sa Su|Mo ───────────── to
 *      asOf┘  asOf┘  └ last actual │
 *                    └─────── asOf ┘
 */
export function weeksBetween(from: Day, to: Day, lastActual: Day): readonly Week[] {
  const weeks: Week[] = [];
  let day = from;
  while (day <= to) {
    const monday = day - weekdayOf(day);
    const asOf = Math.min(monday - 1, lastActual);
    const end = monday > lastActual ? to : Math.min(monday + 6, to);
    weeks.push({ asOf, from: day, to: end });
    day = end + 1;
  }
  return weeks;
}
