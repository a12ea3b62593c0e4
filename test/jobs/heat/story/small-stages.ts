// Eight small stages whose files follow from the raw files and from those that they read, and that count their runs.
import { sha256Of } from '../../../../jobs/heat/stages/local-files.ts';
import { jsonStageFile } from '../../../../jobs/heat/stages/files.ts';
import type { RawFile } from '../../../../jobs/heat/input/raw-files.ts';
import { STAGES, type Stage, type StageFile, type StageName } from '../../../../jobs/heat/stages/stage.ts';
import { coded } from '../../../../jobs/heat/texts/coded.ts';

const READS: Readonly<Record<StageName, readonly StageName[]>> = {
  ingest: [],
  preprocess: ['ingest'],
  features: ['preprocess'],
  train: ['preprocess', 'features'],
  evaluate: ['train'],
  indicators: ['train', 'features'],
  publish: ['train', 'features'],
  report: ['evaluate', 'indicators', 'publish'],
};

export interface SmallStages {
  readonly stagesOf: (raw: readonly RawFile[]) => readonly Stage[];
  /** The stages that ran, as `city stage`. */
  readonly ran: string[];
}

export function smallStages(): SmallStages {
  const ran: string[] = [];
  return { ran, stagesOf: (raw) => STAGES.map((name) => stageOf(name, raw, ran)) };
}

const stageOf = (name: StageName, raw: readonly RawFile[], ran: string[]): Stage => ({
  name,
  version: 1,
  reads: READS[name],
  settings: ({ city, indicators }) => ({
    raw: name === 'ingest' ? hashesOf(city, raw) : [],
    ...(name === 'indicators' ? indicators : {}),
  }),
  run: async ({ city, inputs, frozenAt }) => {
    ran.push(`${city.city} ${name}`);
    const read = name === 'ingest' ? [...hashesOf(city.city, raw)] : [];
    for (const stage of READS[name])
      for (const file of inputs.names(stage)) read.push(sha256Of(await inputs.read(stage, file)));
    return filesOf(name, city.city, frozenAt, read.join());
  },
});

const hashesOf = (city: string, raw: readonly RawFile[]): readonly string[] =>
  raw.filter((file) => file.name.startsWith(`${city}/`)).map(({ sha256 }) => sha256);

function filesOf(stage: StageName, city: string, frozenAt: string, read: string): StageFile[] {
  if (stage === 'indicators')
    return [jsonStageFile('indicators.json', { ...INDICATORS, computed_at: frozenAt })];
  if (stage === 'evaluate') return [jsonStageFile('metrics.json', { ...METRICS, evaluation_date: frozenAt })];
  const name =
    stage === 'report'
      ? `${city}_report.html`
      : stage === 'publish'
        ? `${city}.zarr/t2m/0.0`
        : `${stage}.txt`;
  return [
    { name, type: 'text/plain', bytes: Buffer.from(`${stage} of ${city}, from ${read}`) },
    ...(stage === 'train' ? [jsonStageFile('experiment.json', { read })] : []),
  ];
}

const INDICATORS = {
  intensity: null,
  duration: null,
  extent_km2: 1.5,
  max_temperature_c: 31,
  mean_temperature_c: 20,
  threshold_c: 30,
  days_above_threshold: 2,
  affected_population_estimate: null,
  urban_heat_island_intensity_c: null,
  percentile_95: null,
  percentile_99: null,
  reasons: { intensity: coded('no-value') },
};

const METRICS = {
  rmse: 0.5,
  mae: null,
  r2: null,
  bias: null,
  correlation: null,
  baseline: 'bicubic',
  baseline_rmse: null,
  improvement_percent: null,
  spatial_resolution_m: 200,
  sample_count: 3,
};
