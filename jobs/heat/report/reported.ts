// What a report is about: the documents, the layers and the hours of a city, as the stages before have made them.
import { z } from 'zod';
import {
  coded,
  indicators,
  metrics,
  type Coded,
  type Indicators,
  type Metrics,
} from '../../../models/heat/documents.ts';
import type { City } from '../city/city.ts';
import { FINE, layerIn, layersIn, type CityLayers } from '../publishing/city-inputs.ts';
import type { Raster, Series } from '../raster/grid.ts';
import { readJsonFile, readSeriesFile } from '../stages/files.ts';
import type { StageInputs } from '../stages/stage.ts';
import { histogramOf, hoursOfCity, meanDay, type Bin, type HourOfCity } from './evidence.ts';
import { framesOf, type Frames } from './frames.ts';

const nullable = z.number().nullable();

/** What the report shows of `experiment.json`. */
const experiment = z.looseObject({
  methods: z
    .array(z.looseObject({ name: z.string(), rmse: nullable, weight: z.number().optional() }))
    .default([]),
  left_out: z.array(z.looseObject({ name: z.string(), reason: coded })).default([]),
  chosen: z.string().nullable().optional(),
  reason: coded.nullable().optional(),
});
export type Experiment = z.infer<typeof experiment>;

const scores = z.looseObject({ count: z.int(), rmse: nullable, bias: nullable });

const atStations = z.looseObject({
  raw: scores,
  corrected: scores,
  by_station: z.array(z.looseObject({ station: z.string(), raw: scores, corrected: scores })),
});

/** What the report shows of `metrics.json` beside its numbers. */
const measuredApart = z.looseObject({
  by_hour: z
    .array(z.looseObject({ hour: z.int().min(0).max(23), rmse: nullable, baseline_rmse: nullable }))
    .default([]),
  stations: atStations.nullish(),
  /** The weather as it came in, at the same stations. */
  stations_input: atStations.nullish(),
});
export type MeasuredApart = z.infer<typeof measuredApart>;

/** What the report shows of `notes.json`: what is unusual in the raw files. */
const notesFile = z.looseObject({ notes: z.array(coded).default([]) });

export interface Reported {
  readonly city: City;
  readonly frozenAt: string;
  readonly metrics: Metrics;
  readonly apart: MeasuredApart;
  readonly indicators: Indicators;
  readonly experiment: Experiment;
  readonly layers: CityLayers['layers'];
  /** Why a layer is missing, by its name. */
  readonly missing: CityLayers['reasons'];
  readonly notes: readonly Coded[];
  readonly intensity: Raster | undefined;
  readonly daysAbove: Raster | undefined;
  readonly error: Raster | undefined;
  readonly grid: Series['grid'];
  readonly hours: readonly HourOfCity[];
  readonly meanDay: readonly (number | null)[];
  readonly histogram: readonly Bin[];
  readonly frames: Frames;
}

export async function reportedOf(city: City, inputs: StageInputs, frozenAt: string): Promise<Reported> {
  const measured = await readJsonFile(inputs, 'evaluate', 'metrics.json');
  const { layers, reasons } = await layersIn(inputs);
  const series = await readSeriesFile(inputs, 'train', FINE);
  const hours = hoursOfCity(series);
  return {
    city,
    frozenAt,
    metrics: metrics.parse(measured),
    apart: measuredApart.parse(measured),
    indicators: indicators.parse(await readJsonFile(inputs, 'indicators', 'indicators.json')),
    experiment: experiment.parse(await readJsonFile(inputs, 'train', 'experiment.json')),
    layers,
    notes: notesFile.parse(await readJsonFile(inputs, 'ingest', 'notes.json')).notes,
    missing: reasons,
    intensity: await layerIn(inputs, 'indicators', 'intensity.tif'),
    daysAbove: await layerIn(inputs, 'indicators', 'days-above.tif'),
    error: await layerIn(inputs, 'evaluate', 'error.tif'),
    grid: series.grid,
    hours,
    meanDay: meanDay(hours),
    histogram: histogramOf(series.values, hours),
    frames: framesOf(series, hours),
  };
}

/** `saint-denis` as its people write it: `Saint-Denis`. */
export const shownCity = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
