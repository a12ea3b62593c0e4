// What a pipeline whose tables hold a forecast says of them, so that the console can show it.
import { tablesOf, type Output } from './outputs.ts';

export interface ForecastSpec {
  /** The file of the job that lists its series, as `models/forecast/published.ts` describes it. */
  readonly index: string;
  /** The table with a row for each site and day, and its columns; a publication without the index is shown from it. */
  readonly days: {
    readonly file: string;
    readonly site: string;
    readonly cluster: string;
    readonly date: string;
    /** Empty where it is not known. */
    readonly actual: string;
    readonly predicted: string;
  };
  /** The table with the band of the same rows. */
  readonly band: { readonly file: string; readonly lower: string; readonly upper: string };
}

interface HasForecast {
  readonly outputs: readonly Output[];
  readonly forecast?: ForecastSpec;
}

/** What is wrong with it: a file that no table is made of, a column that its table does not have. */
export function wrongForecast(pipeline: HasForecast): readonly string[] {
  if (pipeline.forecast === undefined) return [];
  const { days, band } = pipeline.forecast;
  // The band's rows are found by the same columns as those of the days.
  return [
    ...wrongColumns(pipeline, days.file, [days.site, days.cluster, days.date, days.actual, days.predicted]),
    ...wrongColumns(pipeline, band.file, [days.site, days.date, band.lower, band.upper]),
  ];
}

function wrongColumns(pipeline: HasForecast, file: string, columns: readonly string[]): readonly string[] {
  const table = tablesOf(pipeline).find((each) => each.file === file);
  if (table === undefined) return [`forecast: no table is made of the file ${file}`];
  return columns
    .filter((column) => !(column in table.columns))
    .map((column) => `forecast: ${file} has no column "${column}"`);
}
