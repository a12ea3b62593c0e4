// Finds the end of a long closure: a reopening is accepted after three open days.
import { visitsOn, type Day, type Panel } from '../series/panel.ts';

/** So many days on end without a visitor are a closure, not a weekend or a holiday. */
const CLOSURE_DAYS = 14;
const ACCEPTED_AFTER_OPEN_DAYS = 3;
/** After so many days every weekday has been lived through twice, and the usual week speaks for itself. */
const LOOKBACK_DAYS = 28;

export interface Reopening {
  /** The first day with visitors after the closure. */
  readonly firstOpen: Day;
  /** The last day with visitors before it; the day before the panel's first when there was none. */
  readonly lastOpen: Day;
}

/** The latest reopening that `asOf` knows of; undefined when there is none, or too few open days since. */
export function reopenedOn(panel: Panel, site: number, asOf: Day): Reopening | undefined {
  // A day that the census opens by exception tells nothing of the days around it.
  const isOpen = (day: Day): boolean =>
    visitsOn(panel, site, day) > 0 && panel.openings.exception(site, day) !== true;
  let openDays = 0;
  let firstOpen = asOf + 1;
  for (let day = asOf; day > asOf - LOOKBACK_DAYS && firstOpen - day <= CLOSURE_DAYS; day -= 1) {
    if (!isOpen(day)) continue;
    openDays += 1;
    firstOpen = day;
  }
  if (openDays < ACCEPTED_AFTER_OPEN_DAYS) return undefined;
  let lastOpen = firstOpen - 1;
  while (lastOpen >= panel.firstDay && !isOpen(lastOpen)) lastOpen -= 1;
  const closedDays = firstOpen - lastOpen - 1;
  return closedDays < CLOSURE_DAYS || lastOpen < panel.firstDay ? undefined : { firstOpen, lastOpen };
}
