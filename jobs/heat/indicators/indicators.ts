// All indicators of a city and period, as `indicators.json` has them. A number that cannot be computed is null, and
// `reasons` says why.
import type { Coded } from '../../../models/heat/documents.ts';
import { cellAreasKm2 } from '../raster/areas.ts';
import { cellCount, type Raster, type Series } from '../raster/grid.ts';
import { coded } from '../texts/coded.ts';
import { dailyMaxima } from './daily-maxima.ts';
import { heatAbove } from './heat-above.ts';
import type { HeatIsland } from './heat-island.ts';
import { percentile, sorted } from './percentiles.ts';

export interface Indicators {
  readonly intensity: number | null;
  readonly duration: number | null;
  readonly extent_km2: number | null;
  readonly max_temperature_c: number | null;
  readonly mean_temperature_c: number | null;
  readonly threshold_c: number;
  readonly days_above_threshold: number | null;
  readonly affected_population_estimate: null;
  readonly urban_heat_island_intensity_c: number | null;
  readonly urban_heat_island_night_c: number | null;
  readonly urban_heat_island_day_c: number | null;
  readonly percentile_95: number | null;
  readonly percentile_99: number | null;
  /** The true area of all cells that have a value. */
  readonly area_km2: number;
  /** Whole days that the indicators of days are of. */
  readonly days: number;
  readonly computed_at: string;
  readonly reasons: Readonly<Record<string, Coded>>;
}

export interface IndicatorMaps {
  readonly indicators: Indicators;
  /** Mean anomaly over the threshold, °C. */
  readonly intensity: Raster;
  readonly daysAbove: Raster;
}

const NO_POPULATION = coded('no-population');
const NO_VALUES = coded('no-value');
const NO_DAYS = coded('no-whole-day');
const [HIGH, HIGHEST] = [0.95, 0.99];

/** `series` in °C. `island` is computed apart, since it needs the ground of the city. */
export function indicatorsOf(
  series: Series,
  island: HeatIsland,
  threshold: number,
  computedAt: string,
): IndicatorMaps {
  const areas = cellAreasKm2(series.grid);
  const maxima = dailyMaxima(series);
  const heat = heatAbove(series, maxima, areas, threshold);
  const ascending = sorted(series.values);
  const reasons: Record<string, Coded> = { affected_population_estimate: NO_POPULATION };
  const isEmpty = ascending.length === 0;
  // A cell without a value at one hour of each day has values, and no daily maximum.
  const hasDays = heat.daysByCell.some((days) => !Number.isNaN(days));
  if (heat.intensity === null)
    reasons['intensity'] = isEmpty ? NO_VALUES : coded('nothing-above', { threshold });
  for (const name of isEmpty ? VALUE_NAMES : []) reasons[name] = NO_VALUES;
  for (const name of hasDays ? [] : DAY_NAMES) reasons[name] = isEmpty ? NO_VALUES : NO_DAYS;
  if (island.reason !== null) for (const name of ISLAND_NAMES) reasons[name] = island.reason;
  const indicators: Indicators = {
    intensity: heat.intensity,
    duration: hasDays ? heat.duration : null,
    extent_km2: hasDays ? heat.extentKm2 : null,
    max_temperature_c: ascending.at(-1) ?? null,
    mean_temperature_c: weightedMean(series, areas),
    threshold_c: threshold,
    days_above_threshold: hasDays ? heat.days : null,
    affected_population_estimate: null,
    urban_heat_island_intensity_c: island.difference,
    urban_heat_island_night_c: island.night,
    urban_heat_island_day_c: island.day,
    percentile_95: percentile(ascending, HIGH),
    percentile_99: percentile(ascending, HIGHEST),
    area_km2: areas.reduce(
      (sum, area, cell) => sum + (Number.isNaN(heat.intensityByCell[cell]!) ? 0 : area),
      0,
    ),
    days: maxima.days.length,
    computed_at: computedAt,
    reasons: { ...reasons, ...missingParts(island) },
  };
  const raster = (name: string, units: string, values: Float32Array): Raster => ({
    grid: series.grid,
    name,
    units,
    values,
  });
  return {
    indicators,
    intensity: raster('mean anomaly over the threshold', '°C', heat.intensityByCell),
    daysAbove: raster('days above the threshold', '1', heat.daysByCell),
  };
}

const VALUE_NAMES = ['max_temperature_c', 'mean_temperature_c', 'percentile_95', 'percentile_99'];
const DAY_NAMES = ['duration', 'extent_km2', 'days_above_threshold'];
const ISLAND_NAMES = [
  'urban_heat_island_intensity_c',
  'urban_heat_island_night_c',
  'urban_heat_island_day_c',
];

function missingParts({ reason, night, day }: HeatIsland): Record<string, Coded> {
  if (reason !== null) return {};
  const of = (name: string, value: number | null, missing: Coded): Record<string, Coded> =>
    value === null ? { [name]: missing } : {};
  return {
    ...of('urban_heat_island_night_c', night, coded('no-night-hour')),
    ...of('urban_heat_island_day_c', day, coded('no-day-hour')),
  };
}

function weightedMean({ grid, values }: Series, areas: Float64Array): number | null {
  const cells = cellCount(grid);
  let [sum, weight] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (Number.isNaN(values[at]!)) continue;
    sum += areas[at % cells]! * values[at]!;
    weight += areas[at % cells]!;
  }
  return weight === 0 ? null : sum / weight;
}
