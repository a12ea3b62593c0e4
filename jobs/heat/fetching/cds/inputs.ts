// What the Climate Data Store is asked for: the hours of a month over the extent and a margin, in GRIB.
import { UnusableFile } from '../../formats/unusable.ts';
import type { City } from '../../city/city.ts';

/** The inputs of a process, as the Climate Data Store's own pages show them. */
export interface Inputs {
  readonly product_type?: readonly string[];
  readonly variable: readonly string[];
  readonly year: readonly string[];
  readonly month: readonly string[];
  readonly day: readonly string[];
  readonly time: readonly string[];
  /** GRIB: NetCDF comes as an archive of several files where variables differ in their steps. */
  readonly data_format: 'grib';
  readonly download_format: 'unarchived';
  /** North, west, south, east. */
  readonly area: readonly [number, number, number, number];
}

export interface MonthOfInputs {
  readonly dataset: string;
  /** `2022-07` */
  readonly month: string;
  readonly inputs: Inputs;
}

/** Datasets of hours, each with the distance of its points in degrees. */
const DATASETS: Readonly<Record<string, { readonly step: number; readonly isTyped: boolean }>> = {
  'reanalysis-era5-single-levels': { step: 0.25, isTyped: true },
  'reanalysis-era5-land': { step: 0.1, isTyped: false },
};
const DEFAULT_DATASET = 'reanalysis-era5-single-levels';

const VARIABLES: Readonly<Record<City['variables'][number], string>> = {
  t2m: '2m_temperature',
  tx: 'maximum_2m_temperature_since_previous_post_processing',
  tn: 'minimum_2m_temperature_since_previous_post_processing',
  // The relative humidity follows from it.
  rh: '2m_dewpoint_temperature',
  u10: '10m_u_component_of_wind',
  v10: '10m_v_component_of_wind',
};

/** Points beyond the extent, which interpolation and the neighbours of a cell need. */
const MARGIN_POINTS = 4;
const HOURS = Array.from({ length: 24 }, (_, hour) => `${two(hour)}:00`);
const DAY_MS = 86_400_000;

/** One request for each month: a request is a product of years, months and days, and so no period of its own. */
export function inputsOf(file: string, city: City): readonly MonthOfInputs[] {
  const dataset = city.sources.era5.dataset ?? DEFAULT_DATASET;
  const known = DATASETS[dataset];
  if (known === undefined)
    throw new UnusableFile({
      file,
      place: 'key sources.era5.dataset',
      found: `"${dataset}"`,
      expected: Object.keys(DATASETS).join(' or '),
    });
  const area = areaOf(city.extent.bbox_wgs84, known.step);
  return [...daysByMonth(city.period)].map(([month, days]) => ({
    dataset,
    month,
    inputs: {
      ...(known.isTyped ? { product_type: ['reanalysis'] } : {}),
      variable: city.variables.map((variable) => VARIABLES[variable]),
      year: [month.slice(0, 4)],
      month: [month.slice(5)],
      day: days,
      time: HOURS,
      data_format: 'grib',
      download_format: 'unarchived',
      area,
    },
  }));
}

function areaOf([west, south, east, north]: City['extent']['bbox_wgs84'], step: number): Inputs['area'] {
  const lower = (degrees: number) => tidy((Math.floor(degrees / step) - MARGIN_POINTS) * step);
  const upper = (degrees: number) => tidy((Math.ceil(degrees / step) + MARGIN_POINTS) * step);
  return [
    Math.min(90, upper(north)),
    Math.max(-180, lower(west)),
    Math.max(-90, lower(south)),
    Math.min(180, upper(east)),
  ];
}

const tidy = (degrees: number): number => Number(degrees.toFixed(4));

function daysByMonth({ start, end }: City['period']): ReadonlyMap<string, readonly string[]> {
  const months = new Map<string, string[]>();
  for (let time = Date.parse(start); time <= Date.parse(end); time += DAY_MS) {
    const day = new Date(time).toISOString().slice(0, 10);
    const month = day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), day.slice(8)]);
  }
  return months;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
