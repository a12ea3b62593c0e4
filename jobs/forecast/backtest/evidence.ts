// Everything that is measured of a forecast, in one place, for the metrics, the second table and the report.
import type { Origin } from '../engine/engine.ts';
import { layOut } from '../engine/lay-out.ts';
import { coverageOf, type CoverageBacktest } from '../intervals/coverage.ts';
import { intervalsFrom, naiveEvenings, type Band, type Intervals } from '../intervals/intervals.ts';
import { bandOfTable, type Span } from '../intervals/table-band.ts';
import { openingCalendar } from '../openings/openings.ts';
import type { Day, Panel } from '../series/panel.ts';
import { naiveForecaster, type NaiveForecaster } from './naive.ts';
import { errorsByDay, backtestOf, type MeasuredDay, type Backtest } from './backtest.ts';
import { wholeOf } from './whole.ts';

const WEEK = 7;
/** So many days up to the last actual are shown of each site, also where they reach into the year before. */
export const RECENT_DAYS = 56;

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
  readonly whole: Foreseen & { readonly coverage: CoverageBacktest; readonly recent: Foreseen };
}

/** `span.panel` is what the engine was given. Uses only the forecasts, for every engine. */
export function evidenceOf(span: Span, walk: readonly Origin[], country: string): Evidence {
  const { panel, from, to } = span;
  const days = Math.max(WEEK, to - panel.lastDay);
  const naive = naiveForecaster(panel, openingCalendar(panel, country, panel.lastDay + days));
  const { judged, plain, intervals } = judgedBy(panel, walk, naive, days);

  const whole = wholeOf(panel);
  const wholeWalk = walk.map(whole.of);
  const wholeJudged = judged.map(whole.of);
  const wholeIntervals = intervalsFrom(whole.panel, wholeJudged, plain.map(whole.of));
  const start = recentStart(span, walk);
  const table = foreseenFrom(span, walk, intervals);
  const wholeSpan = { panel: whole.panel, from, to };
  const wholeTable = foreseenFrom(wholeSpan, wholeWalk, wholeIntervals);
  return {
    backtest: backtestOf(panel, judged, from, naive),
    errorsByDay: errorsByDay(panel, judged),
    coverage: coverageOf(panel, judged, from, intervals),
    predictions: table.predictions,
    band: table.band,
    recent: start === from ? table : foreseenFrom({ ...span, from: start }, walk, intervals),
    whole: {
      ...wholeTable,
      recent:
        start === from ? wholeTable : foreseenFrom({ ...wholeSpan, from: start }, wholeWalk, wholeIntervals),
      coverage: coverageOf(whole.panel, wholeJudged, from, wholeIntervals),
    },
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
