// What the stations measured on each day beside what a series has in the cell of the station.
import type { Series } from '../raster/grid.ts';
import { cellCount } from '../raster/grid.ts';
import { transformation } from '../raster/projections.ts';
import type { StationPairs } from './leave-one-out.ts';

/** A station of `stations.json`; its days by date. */
export interface StationDays {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly height_m?: number | null;
  readonly days: Readonly<
    Record<string, { readonly tx?: number | null; readonly tn?: number | null; readonly tg?: number | null }>
  >;
}

const [HOUR_MS, HOURS, DAYS] = [3_600_000, 24, 365.25];
const KINDS = { maximum: 1, minimum: -1, mean: 0 } as const;

/** The day of the year as a place on a circle, so that December is next to January. */
function seasonOf(day: string): readonly number[] {
  const angle = (2 * Math.PI * Date.parse(day)) / (HOUR_MS * HOURS * DAYS);
  return [Math.sin(angle), Math.cos(angle)];
}

/** °C. Maxima, minima and means of a day are compared with those of its 24 hours, UTC; a day that lacks one is left out. */
export function stationPairs(stations: readonly StationDays[], series: Series): readonly StationPairs[] {
  const forward = transformation('EPSG:4326', series.grid.crs);
  const places = wholeDays(series.hours);
  return stations.flatMap((station) => {
    const cell = cellAt(series, forward(station.longitude, station.latitude));
    if (cell === undefined) return [];
    const [observed, modelled]: [number[], number[]] = [[], []];
    const about: number[][] = [];
    const place = [station.latitude, station.longitude, station.height_m ?? NaN];
    for (const [day, first] of places) {
      const measured = station.days[day];
      if (measured === undefined) continue;
      const hours = Array.from(
        { length: HOURS },
        (_, hour) => series.values[(first + hour) * cellCount(series.grid) + cell]!,
      );
      const mean = hours.reduce((sum, value) => sum + value, 0) / HOURS;
      const [most, least] = [Math.max(...hours), Math.min(...hours)];
      for (const [kind, found, own] of [
        [KINDS.maximum, measured.tx, most],
        [KINDS.minimum, measured.tn, least],
        [KINDS.mean, measured.tg, mean],
      ] as const) {
        if (found === undefined || found === null) continue;
        observed.push(found);
        modelled.push(own);
        about.push([kind, most - least, ...seasonOf(day), ...place]);
      }
    }
    return [{ station: station.name, observed, modelled, about }];
  });
}

/** The date of each day whose 24 hours follow each other in the series, and the place of its first hour. */
function wholeDays(hours: readonly number[]): readonly (readonly [day: string, first: number])[] {
  return hours.flatMap((time, at) => {
    const isWhole = time % (HOURS * HOUR_MS) === 0 && hours[at + HOURS - 1] === time + (HOURS - 1) * HOUR_MS;
    return isWhole ? [[new Date(time).toISOString().slice(0, 10), at] as const] : [];
  });
}

function cellAt({ grid }: Series, [x, y]: readonly [number, number]): number | undefined {
  const [a, , c, , e, f] = grid.transform;
  const [column, row] = [Math.floor((x - c) / a), Math.floor((y - f) / e)];
  const isInside = column >= 0 && row >= 0 && column < grid.columns && row < grid.rows;
  return isInside ? row * grid.columns + column : undefined;
}
