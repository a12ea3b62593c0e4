// Panels made in memory, for tests of what is learnt from them.
import { dayOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';

export interface TestSite {
  /** Visitors by day; NaN: not reported. */
  visits(day: Day): number;
  /** The census: open or closed against the usual week. */
  readonly exceptions?: Readonly<Record<string, boolean>>;
}

export function panelOf(first: string, last: string, sites: readonly TestSite[], censusLast?: string): Panel {
  const [firstDay, lastDay] = [dayOf(first), dayOf(last)];
  const days = lastDay - firstDay + 1;
  const visits = new Float64Array(sites.length * days);
  sites.forEach((site, index) => {
    for (let at = 0; at < days; at += 1) visits[index * days + at] = site.visits(firstDay + at);
  });
  const censuses = sites.map(
    ({ exceptions = {} }) => new Map(Object.entries(exceptions).map(([iso, open]) => [dayOf(iso), open])),
  );
  const named = censuses.flatMap((census) => [...census.keys()]);
  return {
    sites: sites.map((_, index) => ({ code: `S${index}`, mall: `Mall ${index}`, cluster: 'N' })),
    firstDay,
    lastDay,
    visits,
    openings: {
      lastDay:
        censusLast !== undefined ? dayOf(censusLast) : named.length === 0 ? undefined : Math.max(...named),
      exception: (site, day) => censuses[site]?.get(day),
    },
  };
}
