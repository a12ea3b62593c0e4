// The days of a series as CSV. Its names come from a workbook: a spreadsheet takes none of them for a formula.
import { stringify } from 'csv-stringify/sync';
import { dailyOf } from '../../../shared/report/forecast/days.ts';
import type { ReadForecast } from '../reading/forecast-shape.ts';
import type { Series } from '../reading/forecast-series.ts';

const COLUMNS = ['site', 'code', 'cluster', 'date', 'actual', 'forecast', 'lower', 'upper', 'last_year'];

/** Spreadsheets look for the mark at the start to read accents as UTF-8. An empty cell is not known. */
export function forecastRows({ index }: ReadForecast, series: Series): string {
  const { name, code, cluster, days: stored } = series;
  const days = stored && dailyOf(index, stored);
  const text = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '' : String(value);
  const rows = (days?.isoDates ?? []).map((date, at) => [
    ...[series.kind === 'cluster' ? '' : (name ?? ''), code ?? '', cluster ?? '', date],
    ...[days?.actual, days?.predicted, days?.lower, days?.upper, days?.lastYear].map((values) =>
      text(values?.[at]),
    ),
  ]);
  return stringify([COLUMNS, ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' });
}
