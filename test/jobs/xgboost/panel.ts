// Small panels with known habits, to forecast in tests.
import { dayOf, isoDateOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { SETTINGS, type Settings } from '../../../jobs/forecast/xgboost/settings.ts';
import type { WeekStore } from '../../../jobs/forecast/learning/week-store.ts';

export interface PanelShape {
  readonly sites: number;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Every so many weeks are busier; 1: none is. */
  readonly cycleWeeks?: number;
  /** Overrides the visits of a site on a day. */
  readonly visits?: (site: number, day: Day, usual: number) => number;
}

/** Closed on Sundays and on 1 January, busier on Saturdays, growing with the site's number, with a little noise. */
export function panelOf({
  sites,
  firstDay,
  lastDay,
  cycleWeeks = 1,
  visits = (_, __, usual) => usual,
}: PanelShape): Panel {
  const [first, last] = [dayOf(firstDay), dayOf(lastDay)];
  const days = last - first + 1;
  const values = new Float64Array(sites * days);
  for (let site = 0; site < sites; site += 1)
    for (let day = first; day <= last; day += 1)
      values[site * days + day - first] = visits(site, day, usualVisits(site, day, cycleWeeks));
  return {
    sites: Array.from({ length: sites }, (_, site) => ({
      code: `S${site}`,
      mall: `Mall ${site}`,
      cluster: 'A',
    })),
    firstDay: first,
    lastDay: last,
    visits: values,
    openings: { lastDay: undefined, exception: () => undefined },
  };
}

function usualVisits(site: number, day: Day, cycleWeeks: number): number {
  const weekday = (day + 3) % 7;
  if (weekday === 6 || isoDateOf(day).endsWith('-01-01')) return 0;
  const campaign = cycleWeeks > 1 && Math.floor((day + 3) / 7) % cycleWeeks === 0 ? 1.3 : 1;
  const noise = 0.95 + 0.1 * scattered(site, day);
  return Math.round(500 * (site + 1) * (weekday === 5 ? 1.5 : 1) * campaign * noise);
}

/** Between 0 and 1, without any rhythm. */
export function scattered(site: number, day: Day): number {
  const bits = Math.imul(Math.imul(site + 7, 0x9e3779b1) ^ Math.imul(day, 0x85ebca6b), 0x2c1b3c6d);
  return (Math.imul(bits ^ (bits >>> 13), 0x297a2d39) >>> 8) / 2 ** 24;
}

/** The panel as it was on an earlier evening. */
export function panelUpTo(panel: Panel, lastDay: Day): Panel {
  const days = panel.lastDay - panel.firstDay + 1;
  const kept = lastDay - panel.firstDay + 1;
  const visits = new Float64Array(panel.sites.length * kept);
  panel.sites.forEach((_, site) =>
    visits.set(panel.visits.subarray(site * days, site * days + kept), site * kept),
  );
  return { ...panel, lastDay, visits };
}

/** The panel with every value from `from` on changed. */
export function poisoned(panel: Panel, from: Day, poison: (value: number) => number): Panel {
  const days = panel.lastDay - panel.firstDay + 1;
  const visits = panel.visits.map((value, at) =>
    panel.firstDay + (at % days) >= from ? poison(value) : value,
  );
  return { ...panel, visits };
}

/** Few trees, so that a test is over soon. */
export const QUICK: Settings = {
  ...SETTINGS,
  reaches: SETTINGS.reaches.map((reach) => ({
    ...reach,
    members: reach.members.map((each) => ({ ...each, trees: 8, booster: { ...each.booster, eta: 0.3 } })),
  })),
};

export interface CountingStore extends WeekStore {
  readonly weeks: Map<string, Buffer>;
}

/** Keeps weeks in memory, and refuses other bytes under a known key. */
export function storeInMemory(): CountingStore {
  const weeks = new Map<string, Buffer>();
  return {
    weeks,
    get: (key) => Promise.resolve(weeks.get(key)),
    put: (key, bytes) => {
      const known = weeks.get(key);
      if (known !== undefined && !known.equals(bytes))
        return Promise.reject(new Error(`other bytes under ${key}`));
      weeks.set(key, bytes);
      return Promise.resolve();
    },
  };
}
