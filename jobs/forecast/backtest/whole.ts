// Several sites taken together as one, all of them or a cluster, so that their sum has its own errors and its own band: the
// sum of the sites' bands would be far too wide.
import type { Origin } from '../engine/engine.ts';
import { dayCount, visitsOn, type Panel } from '../series/panel.ts';

export interface Whole {
  /** One site: the sum of the sites that reported. NaN on a day without a report. */
  readonly panel: Panel;
  /** One row: the sum over the same sites on days that are known, over all of them on days to come. */
  of(forecast: Origin): Origin;
}

export const wholeOf = (panel: Panel): Whole => groupOf(panel, 'All sites', [...panel.sites.keys()]);

/** `sites` by their row in the panel. */
export function groupOf(panel: Panel, name: string, sites: readonly number[]): Whole {
  const count = dayCount(panel);
  const visits = new Float64Array(count).fill(Number.NaN);
  for (const site of sites) {
    for (let at = 0; at < count; at += 1) {
      const value = panel.visits[site * count + at] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const sum = visits[at] ?? 0;
      visits[at] = (Number.isNaN(sum) ? 0 : sum) + value;
    }
  }
  return {
    panel: {
      sites: [{ code: '', mall: name, cluster: '' }],
      firstDay: panel.firstDay,
      lastDay: panel.lastDay,
      visits,
      openings: { lastDay: undefined, exception: () => undefined },
    },
    of: ({ asOf, days: width, predictions }) => {
      const sums = new Int32Array(width);
      for (const site of sites) {
        for (let at = 0; at < width; at += 1) {
          const day = asOf + 1 + at;
          const isCounted = day > panel.lastDay || !Number.isNaN(visitsOn(panel, site, day));
          if (isCounted) sums[at] = (sums[at] ?? 0) + (predictions[site * width + at] ?? 0);
        }
      }
      return { asOf, days: width, predictions: sums };
    },
  };
}

export interface Cluster {
  readonly cluster: string;
  /** By their row in the panel. */
  readonly sites: readonly number[];
}

/** The one with most sites first, and those with as many by name. */
export function clustersOf({ sites }: Panel): readonly Cluster[] {
  const clusters = new Map<string, number[]>();
  for (const [site, { cluster }] of sites.entries()) {
    const known = clusters.get(cluster);
    if (known === undefined) clusters.set(cluster, [site]);
    else known.push(site);
  }
  return [...clusters]
    .map(([cluster, of]) => ({ cluster, sites: of }))
    .toSorted(
      (one, other) => other.sites.length - one.sites.length || (one.cluster < other.cluster ? -1 : 1),
    );
}
