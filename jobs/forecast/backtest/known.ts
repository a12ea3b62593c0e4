// Walks over every forecast day of the walk whose actual is known by now.
import type { Origin } from '../engine/engine.ts';
import { visitsOn, type Day, type Panel } from '../series/panel.ts';

const WEEK = 7;

export interface KnownDay {
  readonly origin: number;
  readonly site: number;
  readonly day: Day;
  /** 1 for the first seven days after the origin's `asOf`. */
  readonly horizonWeek: number;
  /** Where the day stands in the origin's predictions. */
  readonly at: number;
  readonly actual: number;
}

/**
 * Calls `visit` for each known day from `from` on, in order of origin, site and day, at most `mostDays` after an
 * origin. The object handed over is
 * the same each time, for there may be tens of millions.
 */
export function forEachKnownDay(
  panel: Panel,
  origins: readonly Origin[],
  from: Day,
  visit: (known: KnownDay) => void,
  mostDays = Number.POSITIVE_INFINITY,
): void {
  const known = { origin: 0, site: 0, day: 0, horizonWeek: 0, at: 0, actual: 0 };
  origins.forEach(({ asOf, days }, origin) => {
    known.origin = origin;
    const last = Math.min(asOf + Math.min(days, mostDays), panel.lastDay);
    for (let site = 0; site < panel.sites.length; site += 1) {
      known.site = site;
      for (let day = Math.max(asOf + 1, from); day <= last; day += 1) {
        known.actual = visitsOn(panel, site, day);
        if (Number.isNaN(known.actual)) continue;
        known.day = day;
        known.horizonWeek = Math.ceil((day - asOf) / WEEK);
        known.at = site * days + (day - asOf - 1);
        visit(known);
      }
    }
  });
}
