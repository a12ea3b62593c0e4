// What a forecast says of itself: no times in it, so that the same input gives the same bytes.
import type { ExcludedSite } from '../series/build.ts';
import { isoDateOf } from '../series/panel.ts';
import { rowCount, type Table } from './table.ts';

export interface ForecastMetrics extends Record<string, unknown> {
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
  readonly notes: readonly string[];
}

/** The engine's own measures are kept beside what is known of the table. */
export const metricsOf = (
  table: Table,
  reading: { readonly excluded: readonly ExcludedSite[]; readonly notes: readonly string[] },
  horizonDays: number,
  engine: string,
  engineMetrics: Record<string, unknown>,
): ForecastMetrics => ({
  ...engineMetrics,
  engine,
  rows: rowCount(table),
  sites: table.panel.sites.length,
  firstActual: isoDateOf(table.panel.firstDay),
  lastActual: isoDateOf(table.panel.lastDay),
  firstDay: isoDateOf(table.from),
  lastDay: isoDateOf(table.to),
  horizonDays,
  excludedSites: reading.excluded,
  notes: reading.notes,
});

/** The few numbers that travel in the manifest, for the console and the checks. */
export const summaryOf = (metrics: ForecastMetrics): Record<string, unknown> => ({
  engine: metrics.engine,
  sites: metrics.sites,
  excludedSites: metrics.excludedSites.length,
  firstDay: metrics.firstDay,
  lastActual: metrics.lastActual,
  lastDay: metrics.lastDay,
  ...(metrics['walkForward'] === undefined ? {} : { walkForward: metrics['walkForward'] }),
});
