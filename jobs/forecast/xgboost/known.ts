// Cuts a panel at the evening of a day: the past stays, and of the future only the openings are known.
import type { OpeningCalendar } from '../openings/openings.ts';
import { dayCount, type Day, type Panel } from '../series/panel.ts';
import type { Known } from './past.ts';

/** Openings are known so much farther than the forecast reaches, for "days to the next closure". */
const BEYOND_DAYS = 30;

/** How many days ahead of a cut openings are asked for, when `days` are forecast. */
export const openingsAhead = (days: number): number => days + BEYOND_DAYS;

/** The calendar must reach `openingsAhead(days)` days after `asOf`. */
export function knownAsOf(panel: Panel, calendar: OpeningCalendar, asOf: Day, days: number): Known {
  const ahead = openingsAhead(days);
  const openAhead = new Uint8Array(panel.sites.length * ahead);
  for (let site = 0; site < panel.sites.length; site += 1)
    for (let index = 0; index < ahead; index += 1)
      openAhead[site * ahead + index] = calendar.isOpen(site, asOf + 1 + index, asOf) ? 1 : 0;
  return {
    firstDay: panel.firstDay,
    sites: panel.sites.length,
    days: asOf - panel.firstDay + 1,
    ahead,
    visits: panel.visits,
    stride: dayCount(panel),
    openAhead,
  };
}
