// What a forecast says of itself: no times in it, so that the same input gives the same bytes.
import type { CoverageProof } from '../intervals/coverage.ts';
import type { Evidence } from '../proof/evidence.ts';
import { offNowOf, type OffSite } from '../proof/off-now.ts';
import type { MeasuredDay, Proof } from '../proof/proof.ts';
import type { ExcludedSite } from '../series/build.ts';
import type { DataNote } from '../series/notes.ts';
import { isoDateOf } from '../series/panel.ts';
import type { Remark } from '../series/remarks.ts';
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
  readonly remarks: readonly Remark[];
  /** What was left out on purpose, and what is odd about the files. */
  readonly notes: readonly DataNote[];
  readonly proof: Proof;
  /** The last twelve weeks, day by day, for the gate. */
  readonly errorsByDay: readonly MeasuredDay[];
  /** How often the visitors lay within the band of 10 % to 90 %: of sites, and of all sites together. */
  readonly coverage: CoverageProof;
  readonly coverageOfTotal: CoverageProof;
  /** What the engine says of itself. */
  readonly model: Readonly<Record<string, unknown>>;
}

/** What is known of the input beside its numbers. */
export interface Circumstances {
  readonly excluded: readonly ExcludedSite[];
  readonly notes: readonly DataNote[];
  readonly remarks: readonly Remark[];
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
  remarks: circumstances.remarks,
  notes: circumstances.notes,
  proof: evidence.proof,
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
  wape: metrics.proof.total.model.wape,
  wapeHorizon: metrics.proof.wapeHorizon,
  bias: metrics.proof.total.model.bias,
  naiveLastWeek: metrics.proof.total.naiveLastWeek.wape,
  naiveMeanOfFour: metrics.proof.total.naiveMeanOfFour.wape,
  coverage: metrics.coverage.total.within,
  sitesOffNow: metrics.offNow.length,
  engine: metrics.engine,
  sites: metrics.sites,
  excludedSites: metrics.excludedSites.length,
  firstDay: metrics.firstDay,
  lastActual: metrics.lastActual,
  lastDay: metrics.lastDay,
});
