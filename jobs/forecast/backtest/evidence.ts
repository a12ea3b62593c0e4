// Everything that is measured of a forecast, in one place, for the metrics, the second table and the report.
import type { Origin } from '../engine/engine.ts';
import { layOut } from '../engine/lay-out.ts';
import { coverageOf, type CoverageBacktest } from '../intervals/coverage.ts';
import { intervalsFrom, naiveEvenings, type Band, type Intervals } from '../intervals/intervals.ts';
import { bandOfTable, type Span } from '../intervals/table-band.ts';
import { openingCalendar } from '../openings/openings.ts';
import { RECENT_DAYS } from '../../../shared/report/forecast/days.ts';
import type { Day, Panel } from '../series/panel.ts';
import { naiveForecaster, type NaiveForecaster } from './naive.ts';
import { errorsByDay, backtestOf, type MeasuredDay, type Backtest } from './backtest.ts';
import { clustersOf, groupOf, wholeOf, type Whole } from './whole.ts';
import { MOST_CLUSTERS } from '../../../models/forecast/files.ts';

const WEEK = 7;

/** Days laid out as a table's: one row per site, one column per day from `from` on. */
export interface Foreseen {
  readonly panel: Panel;
  readonly from: Day;
  readonly predictions: Int32Array;
  readonly band: Band;
}

export interface Evidence {
  readonly backtest: Backtest;
  readonly errorsByDay: readonly MeasuredDay[];
  readonly coverage: CoverageBacktest;
  /** Laid out as the table, like the band. */
  readonly predictions: Int32Array;
  readonly band: Band;
  /** From the first of the recent days, or from the table's first day where that is earlier. */
  readonly recent: Foreseen;
  /** All sites as one. */
  readonly whole: { readonly coverage: CoverageBacktest; readonly recent: Foreseen };
  /** The largest clusters, each as one, of the same days as `recent`. */
  readonly clusters: readonly Foreseen[];
}

/** `span.panel` is what the engine was given. Uses only the forecasts, for every engine. */
export function evidenceOf(span: Span, walk: readonly Origin[], country: string): Evidence {
  const { panel, from, to } = span;
  const days = Math.max(WEEK, to - panel.lastDay);
  const naive = naiveForecaster(panel, openingCalendar(panel, country, panel.lastDay + days));
  const { judged, plain, intervals } = judgedBy(panel, walk, naive, days);

  const start = recentStart(span, walk);
  const table = foreseenFrom(span, walk, intervals);
  const together = (group: Whole) => {
    const known = judged.map(group.of);
    const bands = intervalsFrom(group.panel, known, plain.map(group.of));
    const recent = foreseenFrom({ panel: group.panel, from: start, to }, walk.map(group.of), bands);
    return { recent, coverage: () => coverageOf(group.panel, known, from, bands) };
  };
  const whole = together(wholeOf(panel));
  return {
    backtest: backtestOf(panel, judged, from, naive),
    errorsByDay: errorsByDay(panel, judged),
    coverage: coverageOf(panel, judged, from, intervals),
    predictions: table.predictions,
    band: table.band,
    recent: start === from ? table : foreseenFrom({ ...span, from: start }, walk, intervals),
    whole: { recent: whole.recent, coverage: whole.coverage() },
    clusters: clustersOf(panel)
      .slice(0, MOST_CLUSTERS)
      .map(({ cluster, sites }) => together(groupOf(panel, cluster, sites)).recent),
  };
}

/** The origins whose days have actuals, and the bands that follow from their errors. */
function judgedBy(panel: Panel, walk: readonly Origin[], naive: NaiveForecaster, days: number) {
  const judged = walk.filter(({ asOf }) => asOf < panel.lastDay);
  const plain = naiveEvenings(panel, judged).map((asOf) => naive.naiveMeanOfFour(asOf, days));
  return { judged, plain, intervals: intervalsFrom(panel, judged, plain) };
}

/** The bands of the table alone, without what is measured beside them. */
export function intervalsOf({ panel, to }: Span, walk: readonly Origin[], country: string): Intervals {
  const days = Math.max(WEEK, to - panel.lastDay);
  const naive = naiveForecaster(panel, openingCalendar(panel, country, panel.lastDay + days));
  return judgedBy(panel, walk, naive, days).intervals;
}

/** In January the recent days begin before the table; no earlier than the walk does. */
function recentStart({ panel, from }: Span, walk: readonly Origin[]): Day {
  const firstForeseen = (walk[0]?.asOf ?? panel.lastDay) + 1;
  return Math.min(from, Math.max(panel.lastDay - RECENT_DAYS + 1, firstForeseen));
}

const foreseenFrom = (
  { panel, from, to }: Span,
  walk: readonly Origin[],
  intervals: Intervals,
): Foreseen => ({
  panel,
  from,
  predictions: layOut(walk, panel, from, to),
  band: bandOfTable({ panel, from, to }, walk, intervals),
});
