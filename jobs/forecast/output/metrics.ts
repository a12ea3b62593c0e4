// A forecast's metrics: no times in it, so that the same input gives the same bytes.
import type { CoverageBacktest } from '../intervals/coverage.ts';
import type { Evidence } from '../backtest/evidence.ts';
import { offNowOf, type OffSite } from '../backtest/off-now.ts';
import type { MeasuredDay, Backtest } from '../backtest/backtest.ts';
import type { ExcludedSite } from '../series/build.ts';
import type { DataNote } from '../series/notes.ts';
import { isoDateOf } from '../series/panel.ts';
import type { QualityNote } from '../series/quality-notes.ts';
import { rowCount, type Table } from './table.ts';

export interface ForecastMetrics {
  /** Sites whose newest days are not what was expected, the farthest off first. */
  readonly offNow: readonly OffSite[];
  readonly engine: string;
  readonly rows: number;
  readonly sites: number;
  /** The first day with a value in any file. */
  readonly firstActual: string;
  readonly lastActual: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly horizonDays: number;
  readonly excludedSites: readonly ExcludedSite[];
  /** Sites in the forecast whose numbers an analyst should doubt, and why. */
  readonly qualityNotes: readonly QualityNote[];
  /** What was left out on purpose, and what is odd about the files. */
  readonly notes: readonly DataNote[];
  readonly backtest: Backtest;
  /** The last twelve weeks, day by day, for the gate. */
  readonly errorsByDay: readonly MeasuredDay[];
  /** How often the visitors lay within the band of 10 % to 90 %: of sites, and of all sites together. */
  readonly coverage: CoverageBacktest;
  readonly coverageOfTotal: CoverageBacktest;
  /** The engine's description of itself. */
  readonly model: Readonly<Record<string, unknown>>;
}

/** What is known of the input beside its numbers. */
export interface Circumstances {
  readonly excluded: readonly ExcludedSite[];
  readonly notes: readonly DataNote[];
  readonly qualityNotes: readonly QualityNote[];
}

export const metricsOf = (
  table: Table,
  circumstances: Circumstances,
  evidence: Evidence,
  engine: string,
  model: Readonly<Record<string, unknown>>,
): ForecastMetrics => ({
  offNow: offNowOf(table.panel, { ...table, band: evidence.band }),
  engine,
  rows: rowCount(table),
  sites: table.panel.sites.length,
  firstActual: isoDateOf(table.panel.firstDay),
  lastActual: isoDateOf(table.panel.lastDay),
  firstDay: isoDateOf(table.from),
  lastDay: isoDateOf(table.to),
  horizonDays: table.to - table.panel.lastDay,
  excludedSites: circumstances.excluded,
  qualityNotes: circumstances.qualityNotes,
  notes: circumstances.notes,
  backtest: evidence.backtest,
  errorsByDay: evidence.errorsByDay,
  coverage: evidence.coverage,
  coverageOfTotal: evidence.whole.coverage,
  model,
});

/**
 * The few numbers that travel in the manifest, for the console and the checks: `wape`, `bias` and their rivals
 * are of the first week after each Sunday of the current year, out of sample; null when no actual is known.
 */
export const summaryOf = (metrics: ForecastMetrics): Record<string, unknown> => ({
  wape: metrics.backtest.total.model.wape,
  wapeHorizon: metrics.backtest.wapeHorizon,
  bias: metrics.backtest.total.model.bias,
  naiveLastWeek: metrics.backtest.total.naiveLastWeek.wape,
  naiveMeanOfFour: metrics.backtest.total.naiveMeanOfFour.wape,
  coverage: metrics.coverage.total.within,
  sitesOffNow: metrics.offNow.length,
  engine: metrics.engine,
  sites: metrics.sites,
  excludedSites: metrics.excludedSites.length,
  firstDay: metrics.firstDay,
  lastActual: metrics.lastActual,
  lastDay: metrics.lastDay,
});
