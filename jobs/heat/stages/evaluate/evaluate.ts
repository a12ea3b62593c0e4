// Stage 5: how far the fine temperatures are from the truth on the held-out blocks, and from the stations.
import { z } from 'zod';
import { coded } from '../../../../models/heat/documents.ts';
import { rmseByCell, type Compared } from '../../evaluation/by-place-and-hour.ts';
import { metricsOf, type AtStations } from '../../evaluation/metrics.ts';
import { stationPairs } from '../../evaluation/station-pairs.ts';
import { cellCount, type Grid } from '../../raster/grid.ts';
import { xgboostIfInstalled, xgboostVersion } from '../../training/boosting-if-installed.ts';
import { jsonStageFile, rasterFile, readJsonFile, readSeriesFile } from '../files.ts';
import type { Stage, StageFile, StageInputs } from '../stage.ts';

/** `library` is the path of libxgboost; where the system's loader finds it when absent. */
export const evaluate = (library?: string): Stage => ({
  name: 'evaluate',
  version: 4,
  reads: ['ingest', 'preprocess', 'train'],
  settings: ({ grid, sources }) => ({
    grid,
    // Trees are learned at stations alone.
    xgboost: sources.stations === undefined ? null : xgboostVersion(library),
  }),
  run: async ({ city, inputs, frozenAt }) => {
    const held = await heldOut(inputs);
    const metrics = metricsOf({
      held: held?.compared,
      reason: experiment.parse(await readJsonFile(inputs, 'train', 'experiment.json')).reason,
      stations: await atStations(inputs),
      xgboost: xgboostIfInstalled(library),
      resolutionMetres: city.grid.resolution_m,
      evaluatedAt: frozenAt,
    });
    const files: readonly StageFile[] = held === undefined ? [] : [errorMap(held.grid, held.compared)];
    return [jsonStageFile('metrics.json', metrics), ...files];
  },
});

const experiment = z.looseObject({ reason: coded.nullable() });

const degrees = z.number().nullable().optional();
/** The stage reads of a station what the evaluation needs. */
const stationsFile = z.object({
  stations: z.array(
    z.object({
      name: z.string(),
      latitude: z.number(),
      longitude: z.number(),
      height_m: z.number().nullable().optional(),
      days: z.record(z.string(), z.object({ tx: degrees, tn: degrees, tg: degrees })),
    }),
  ),
});

async function heldOut(
  inputs: StageInputs,
): Promise<{ readonly grid: Grid; readonly compared: Compared } | undefined> {
  if (!inputs.names('train').includes('held-truth.series')) return undefined;
  const read = (name: string) => readSeriesFile(inputs, 'train', `held-${name}.series`);
  const [truth, predicted, baseline] = [await read('truth'), await read('prediction'), await read('bicubic')];
  const { grid, hours } = truth;
  const compared: Compared = {
    hours,
    cells: cellCount(grid),
    truth: truth.values,
    predicted: predicted.values,
    baseline: baseline.values,
  };
  return { grid, compared };
}

/** Undefined where the city has no stations. */
async function atStations(inputs: StageInputs): Promise<AtStations | undefined> {
  if (!inputs.names('ingest').includes('stations.json')) return undefined;
  const { stations } = stationsFile.parse(await readJsonFile(inputs, 'ingest', 'stations.json'));
  if (stations.length === 0) return undefined;
  const fine = await readSeriesFile(inputs, 'train', 'fine.series');
  const input = await readSeriesFile(inputs, 'preprocess', 't2m_reprojected.series');
  return { fine: stationPairs(stations, fine), input: stationPairs(stations, input) };
}

const errorMap = (grid: Grid, compared: Compared): StageFile =>
  rasterFile('error.tif', {
    grid,
    values: rmseByCell(compared),
    units: '°C',
    name: 'RMSE on the held-out hours',
  });
