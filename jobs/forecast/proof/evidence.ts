// Everything that is measured of a forecast, in one place, for the metrics, the second table and the report.
import type { Forecast } from '../engine/engine.ts';
import { coverageOf, type CoverageProof } from '../intervals/coverage.ts';
import { borrowedDays, intervalsFrom, type Band } from '../intervals/intervals.ts';
import { bandOfTable, type Span } from '../intervals/table-band.ts';
import { openingCalendar } from '../openings/openings.ts';
import type { Panel } from '../series/panel.ts';
import { naiveForecaster } from './naive.ts';
import { proofOf, type Proof } from './proof.ts';
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
  readonly coverage: CoverageProof;
  readonly band: Band;
  /** All sites as one. */
  readonly whole: Foreseen & { readonly coverage: CoverageProof };
}

/** `span.panel` is what the engine was given. Uses nothing but what the engine told, whichever it is. */
export function evidenceOf(span: Span, forecast: Forecast, country: string): Evidence {
  const { panel, from, to } = span;
  const { origins, predictions } = forecast;
  const days = Math.max(WEEK, to - panel.lastDay);
  const naive = naiveForecaster(panel, openingCalendar(panel, country, panel.lastDay + days));
  const borrowed = borrowedDays(panel, origins).map((asOf) => naive.naiveMeanOfFour(asOf, days));
  const intervals = intervalsFrom(panel, origins, borrowed);

  const whole = wholeOf(panel);
  const wholeForecast: Forecast = {
    predictions: whole.of({ asOf: from - 1, days: to - from + 1, predictions }).predictions,
    origins: origins.map(whole.of),
    metrics: {},
  };
  const wholeIntervals = intervalsFrom(whole.panel, wholeForecast.origins, borrowed.map(whole.of));
  return {
    proof: proofOf(panel, origins, from, naive),
    coverage: coverageOf(panel, origins, from, intervals),
    band: bandOfTable(span, forecast, intervals),
    whole: {
      panel: whole.panel,
      predictions: wholeForecast.predictions,
      band: bandOfTable({ panel: whole.panel, from, to }, wholeForecast, wholeIntervals),
      coverage: coverageOf(whole.panel, wholeForecast.origins, from, wholeIntervals),
    },
  };
}
