// Everything that is measured of a forecast, in one place, for the metrics, the second table and the report.
import type { Origin } from '../engine/engine.ts';
import { layOut } from '../engine/lay-out.ts';
import { coverageOf, type CoverageProof } from '../intervals/coverage.ts';
import { borrowedDays, intervalsFrom, type Band } from '../intervals/intervals.ts';
import { bandOfTable, type Span } from '../intervals/table-band.ts';
import { openingCalendar } from '../openings/openings.ts';
import type { Panel } from '../series/panel.ts';
import { naiveForecaster } from './naive.ts';
import { errorsByDay, proofOf, type MeasuredDay, type Proof } from './proof.ts';
import { wholeOf } from './whole.ts';

const WEEK = 7;

/** Days laid out as a table's: one row per site, one column per day from `from` to `to`. */
export interface Foreseen {
  readonly panel: Panel;
  readonly predictions: Int32Array;
  readonly band: Band;
}

export interface Evidence {
  readonly proof: Proof;
  readonly errorsByDay: readonly MeasuredDay[];
  readonly coverage: CoverageProof;
  /** Laid out as the table, like the band. */
  readonly predictions: Int32Array;
  readonly band: Band;
  /** All sites as one. */
  readonly whole: Foreseen & { readonly coverage: CoverageProof };
}

/** `span.panel` is what the engine was given. Uses nothing but what the engine said, whichever it is. */
export function evidenceOf(span: Span, walk: readonly Origin[], country: string): Evidence {
  const { panel, from, to } = span;
  const days = Math.max(WEEK, to - panel.lastDay);
  const naive = naiveForecaster(panel, openingCalendar(panel, country, panel.lastDay + days));
  const judged = walk.filter(({ asOf }) => asOf < panel.lastDay);
  const borrowed = borrowedDays(panel, judged).map((asOf) => naive.naiveMeanOfFour(asOf, days));
  const intervals = intervalsFrom(panel, judged, borrowed);

  const whole = wholeOf(panel);
  const wholeWalk = walk.map(whole.of);
  const wholeJudged = judged.map(whole.of);
  const wholeIntervals = intervalsFrom(whole.panel, wholeJudged, borrowed.map(whole.of));
  return {
    proof: proofOf(panel, judged, from, naive),
    errorsByDay: errorsByDay(panel, judged),
    coverage: coverageOf(panel, judged, from, intervals),
    predictions: layOut(walk, panel, from, to),
    band: bandOfTable(span, walk, intervals),
    whole: {
      panel: whole.panel,
      predictions: layOut(wholeWalk, whole.panel, from, to),
      band: bandOfTable({ panel: whole.panel, from, to }, wholeWalk, wholeIntervals),
      coverage: coverageOf(whole.panel, wholeJudged, from, wholeIntervals),
    },
  };
}
