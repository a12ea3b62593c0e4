// The days of every series as people look at them: what the report draws, and what is stored for the console.
import { SITES_PER_FILE } from '../../../models/forecast/files.ts';
import type { ForecastIndex, StoredDays, StoredSeries } from '../../../models/forecast/published.ts';
import { RECENT_DAYS } from '../../../shared/report/forecast/days.ts';
import { ErrorSums } from '../backtest/errors.ts';
import type { Evidence, Foreseen } from '../backtest/evidence.ts';
import { clustersOf, type Cluster } from '../backtest/whole.ts';
import { isoDateOf, visitsOn, weekdayOf, type Day, type Panel } from '../series/panel.ts';
import type { ForecastMetrics } from './metrics.ts';
import type { Table } from './table.ts';

/** The same weekdays a year earlier. */
const YEAR = 364;

export interface Published {
  readonly index: ForecastIndex;
  /** In the order of the index, those with days of their own. */
  readonly clusters: readonly StoredSeries[];
  /** By the row in the panel; made when it is asked for, since thousands of sites have millions of days. */
  site(at: number): StoredSeries;
}

/** `table.panel` holds the visitors as they were reported, that of `evidence` without outliers. */
export function publishedOf(table: Table, evidence: Evidence, metrics: ForecastMetrics): Published {
  const { panel, from: tableFrom, to } = table;
  const { recent, whole } = evidence;
  const span = { first: firstDayOf(panel, recent), tableFrom, to };
  const measured = { tableFrom, weekOf: weekOfDays(span, metrics), weeks: metrics.backtest.weeks.length };
  const clusters = clustersOf(panel);
  return {
    index: {
      ...headOf(span, metrics),
      ...listsOf(panel, clusters, metrics),
      all: daysOf(span, whole.recent.panel, whole.recent, 0),
      sitesPerFile: SITES_PER_FILE,
    },
    clusters: evidence.clusters.map((foreseen, at) => ({
      days: daysOf(span, foreseen.panel, foreseen, 0),
      weeks: weeksOf(measured, recent, clusters[at]?.sites ?? []),
    })),
    site: (at) => ({
      days: daysOf(span, panel, recent, at),
      weeks: weeksOf(measured, recent, [at]),
    }),
  };
}

interface MeasuredWeeks {
  readonly tableFrom: Day;
  readonly weekOf: readonly number[];
  readonly weeks: number;
}

interface Span {
  readonly first: Day;
  readonly tableFrom: Day;
  /** Inclusive. */
  readonly to: Day;
}

/** From 1 January, or from the first of the recent days where that is earlier. */
const firstDayOf = ({ firstDay, lastDay }: Panel, { from }: Foreseen): Day =>
  Math.min(from, Math.max(firstDay, lastDay - RECENT_DAYS + 1));

const headOf = (
  { first, tableFrom, to }: Span,
  { engine, lastActual, backtest, coverage, coverageOfTotal }: ForecastMetrics,
) => ({
  version: 1 as const,
  engine,
  firstDay: isoDateOf(first),
  tableFrom: isoDateOf(tableFrom),
  lastActual,
  lastDay: isoDateOf(to),
  measured: {
    ...errorsOf(backtest.total),
    naiveLastWeek: backtest.total.naiveLastWeek.wape,
    wapeHorizon: backtest.wapeHorizon,
    coverage: coverage.total.within,
    coverageOfTotal: coverageOfTotal.total.within,
  },
  weeks: backtest.weeks.map(({ monday, model, naiveLastWeek, naiveMeanOfFour }) => ({
    monday,
    wape: model.wape,
    naiveLastWeek: naiveLastWeek.wape,
    naiveMeanOfFour: naiveMeanOfFour.wape,
  })),
});

function listsOf(
  panel: Panel,
  clusters: readonly Cluster[],
  { backtest, offNow }: ForecastMetrics,
): Pick<ForecastIndex, 'clusters' | 'sites' | 'offNow'> {
  const ofCluster = new Map(backtest.clusters.map((each) => [each.cluster, each]));
  return {
    clusters: clusters.map(({ cluster, sites }) => ({
      key: cluster,
      cluster,
      sites: sites.length,
      ...errorsOf(ofCluster.get(cluster)),
    })),
    sites: panel.sites.map(({ code, mall, cluster }, at) => ({
      key: code,
      code,
      mall,
      cluster,
      ...errorsOf(backtest.sites[at]),
    })),
    offNow: offNow.map(({ code, deviation, since, date, days, actual, expected, lower, upper }) => ({
      key: code,
      ...{ deviation, since, date, days, actual, expected, lower, upper },
    })),
  };
}

const errorsOf = (of: ForecastMetrics['backtest']['total'] | undefined) => ({
  wape: of?.model.wape ?? null,
  bias: of?.model.bias ?? null,
  naiveMeanOfFour: of?.naiveMeanOfFour.wape ?? null,
});

function daysOf({ first, to }: Span, reported: Panel, foreseen: Foreseen, site: number): StoredDays {
  const { from, predictions, band } = foreseen;
  const width = predictions.length / foreseen.panel.sites.length;
  const row = (of: (day: Day) => number | null) =>
    untilKnown(Array.from({ length: to - first + 1 }, (_, index) => of(first + index)));
  const foreseenOf = (values: Int32Array) =>
    row((day) => (day < from ? null : (values[site * width + day - from] ?? null)));
  const reportedOf = (day: Day) => {
    const visits = visitsOn(reported, site, day);
    return Number.isNaN(visits) ? null : visits;
  };
  return {
    predicted: foreseenOf(predictions),
    lower: foreseenOf(band.lower),
    upper: foreseenOf(band.upper),
    actual: row(reportedOf),
    lastYear: row((day) => reportedOf(day - YEAR)),
  };
}

const untilKnown = (values: readonly (number | null)[]): readonly (number | null)[] =>
  values.slice(0, values.findLastIndex((value) => value !== null) + 1);

/** Of each day from the table's first on, which of the measured weeks it is in. */
function weekOfDays({ tableFrom, to }: Span, { backtest: { weeks } }: ForecastMetrics): readonly number[] {
  const mondays = new Map(weeks.map(({ monday }, at) => [monday, at]));
  return Array.from({ length: to - tableFrom + 1 }, (_, index) => {
    const day = tableFrom + index;
    return mondays.get(isoDateOf(day - weekdayOf(day))) ?? -1;
  });
}

/** The errors of the sites, one week ahead: the days up to the last actual were forecast so. Outliers are not measured. */
function weeksOf(
  { tableFrom, weekOf, weeks }: MeasuredWeeks,
  { panel, from, predictions }: Foreseen,
  sites: readonly number[],
): readonly (number | null)[] {
  const width = predictions.length / panel.sites.length;
  const sums = Array.from({ length: weeks }, () => new ErrorSums());
  for (const site of sites) {
    for (let day = tableFrom; day <= panel.lastDay; day += 1) {
      const visits = visitsOn(panel, site, day);
      if (Number.isNaN(visits)) continue;
      sums[weekOf[day - tableFrom] ?? -1]?.add(visits, predictions[site * width + day - from] ?? 0);
    }
  }
  return sums.map(({ errors }) => errors.wape);
}
