// One forecast from one evening, by any rule that gives a number for a site and a day.
import type { OpeningCalendar } from '../openings/openings.ts';
import type { Day, Panel } from '../series/panel.ts';
import type { Origin } from './engine.ts';

/** Every day that follows `asOf`; closed days stay 0, and no day goes below it. */
export function originFrom(
  panel: Panel,
  calendar: OpeningCalendar,
  asOf: Day,
  days: number,
  visitsOn: (site: number, day: Day) => number,
): Origin {
  const predictions = new Int32Array(panel.sites.length * days);
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let index = 0; index < days; index += 1) {
      const day = asOf + 1 + index;
      if (!calendar.isOpen(site, day, asOf)) continue;
      predictions[site * days + index] = Math.max(0, Math.round(visitsOn(site, day)));
    }
  }
  return { asOf, days, predictions };
}
