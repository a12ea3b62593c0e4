// Which sites get a chart, and where: each once, and never more than a page can hold.
import { RECENT_DAYS } from '../../../shared/report/forecast/days.ts';
import type { OffSite } from '../backtest/off-now.ts';
import type { Backtest } from '../backtest/backtest.ts';
import { visitsOn, type Panel } from '../series/panel.ts';

/** With fewer sites than this, every one has its chart. */
export const MOST_CHARTS = 200;
/** So many rows and charts of sites that are off now, however many there are. */
export const MOST_OFF = 50;
const WORST = 9;
const BEST = 3;
/** A few days are too few to judge a site. */
const LEAST_SITE_DAYS = 28;

/** Sites by their row in the panel. */
export interface ChosenSites {
  readonly off: readonly number[];
  readonly worst: readonly number[];
  readonly best: readonly number[];
  /** By name of the cluster; the largest site of each first. */
  readonly clusters: readonly { readonly cluster: string; readonly sites: readonly number[] }[];
  /** How many sites have no chart. */
  readonly left: number;
}

export function chooseSites(reported: Panel, backtest: Backtest, offNow: readonly OffSite[]): ChosenSites {
  const rows = new Map(reported.sites.map(({ code }, site) => [code, site]));
  const off = offNow.slice(0, MOST_OFF).flatMap(({ code }) => rows.get(code) ?? []);
  const taken = new Set(off);
  const take = (sites: readonly number[], most: number): readonly number[] => {
    const found = sites.filter((site) => !taken.has(site)).slice(0, most);
    for (const site of found) taken.add(site);
    return found;
  };
  const ranked = rankedByError(backtest);
  const best = take(ranked, BEST);
  const worst = take(ranked.toReversed(), WORST);
  const others = take(largestFirst(reported), MOST_CHARTS - taken.size);
  return {
    off,
    worst,
    best,
    clusters: byCluster(reported, others),
    left: reported.sites.length - taken.size,
  };
}

const rankedByError = ({ sites }: Backtest): readonly number[] =>
  sites
    .flatMap(({ model: { wape, siteDays } }, site) =>
      wape === null || siteDays < LEAST_SITE_DAYS ? [] : [{ site, wape }],
    )
    .toSorted((one, other) => one.wape - other.wape || one.site - other.site)
    .map(({ site }) => site);

/** By the visitors of the days that the charts show. */
function largestFirst(panel: Panel): readonly number[] {
  const visitors = panel.sites.map((_, site) => {
    let sum = 0;
    for (let day = panel.lastDay - RECENT_DAYS + 1; day <= panel.lastDay; day += 1) {
      const visits = visitsOn(panel, site, day);
      sum += Number.isNaN(visits) ? 0 : visits;
    }
    return sum;
  });
  return [...visitors.keys()].toSorted(
    (one, other) => (visitors[other] ?? 0) - (visitors[one] ?? 0) || one - other,
  );
}

function byCluster({ sites: all }: Panel, sites: readonly number[]): ChosenSites['clusters'] {
  const clusters = new Map<string, number[]>();
  for (const site of sites) {
    const cluster = all[site]?.cluster ?? '';
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), site]);
  }
  return [...clusters]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([cluster, of]) => ({ cluster, sites: of }));
}
