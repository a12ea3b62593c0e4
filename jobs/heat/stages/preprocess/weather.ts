// The weather on the grid of the city: in °C, at the hours of the period, around its box.
import type { City } from '../../city/city.ts';
import { boundValues, LIMITS } from '../../formats/limits.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { ZERO_CELSIUS } from '../../formats/values.ts';
import { cellCount, type Grid, type Series } from '../../raster/grid.ts';
import { resamplingFor } from '../../raster/resampling.ts';
import { warpSeries } from '../../raster/warp.ts';
import { readSeriesFile, seriesFile } from '../files.ts';
import type { StageFile, StageInputs } from '../stage.ts';
import { coveredBy, cutSeries, windowOf } from './cut.ts';

export const REFERENCE = 'reference.series';
const ENDING = '.series';

export interface ProcessedWeather {
  readonly files: readonly StageFile[];
  /** The names of the variables and their units. */
  readonly units: Readonly<Record<string, string>>;
}

export async function weatherOf(city: City, inputs: StageInputs, target: Grid): Promise<ProcessedWeather> {
  const names = inputs.names('ingest').filter((name) => name.endsWith(ENDING));
  const reference = names.includes(REFERENCE)
    ? inCelsius(await readSeriesFile(inputs, 'ingest', REFERENCE))
    : undefined;
  const files: StageFile[] = reference === undefined ? [] : [seriesFile(REFERENCE, reference)];
  const units: Record<string, string> = {};
  for (const file of names.filter((name) => name !== REFERENCE)) {
    const name = file.slice(0, -ENDING.length);
    const series = cutTo(city, inCelsius(await readSeriesFile(inputs, 'ingest', file)), reference);
    const place = `the grid of ${cellCount(target)} cells`;
    boundValues(
      { file: `the configuration of ${city.city}`, place },
      series.hours.length,
      cellCount(target),
      LIMITS.mostValues / 2,
    );
    units[name] = series.units;
    files.push(
      seriesFile(file, series),
      seriesFile(
        `${name}_reprojected.series`,
        warpSeries(series, target, resamplingFor(series.grid, target)),
      ),
    );
  }
  return { files, units };
}

function cutTo(city: City, series: Series, reference: Series | undefined): Series {
  const window = windowOf(series.grid, city.extent.bbox_wgs84);
  if (window === undefined) {
    const [a, , c, , e, f] = series.grid.transform;
    const { columns, rows } = series.grid;
    throw new UnusableFile({
      file: `the configuration of ${city.city}`,
      place: 'extent.bbox_wgs84',
      found: `${city.extent.bbox_wgs84.join(', ')}`,
      expected: `a box within that of its weather: ${c} to ${c + a * columns} E, ${f + e * rows} to ${f} N`,
    });
  }
  const kept = reference === undefined ? window : coveredBy(reference.grid, series.grid, window);
  return cutSeries(series, kept, city.period);
}

const inCelsius = (series: Series): Series =>
  series.units === 'K'
    ? { ...series, units: '°C', values: series.values.map((value) => value - ZERO_CELSIUS) }
    : series;
