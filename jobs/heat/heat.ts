// The job's story: read the frozen input, run the stages of each city, write what is published, and name it in a manifest.
import { counted } from '../../shared/counted.ts';
import { join } from 'node:path';
import { readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import {
  streamOf,
  writeFiles,
  type AttemptKey,
  type FileToWrite,
  type JobLog,
} from '../../shared/attempts/write-files.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { OutputManifest } from '../../shared/outputs/manifest.ts';
import type { Parameters } from '../../shared/pipelines/requests.ts';
import type { InputManifest } from '../../shared/runs/input.ts';
import { step } from '../../shared/tracing/spans.ts';
import { analyze, requestedParameters } from './analyze/analyze.ts';
import type { City } from './city/city.ts';
import { readCities, type NamedCity } from './city/read-cities.ts';
import { fetchSources } from './fetching/fetch-sources.ts';
import type { FetchPorts } from './fetching/ports.ts';
import { UnusableFile, type Problem } from './formats/unusable.ts';
import { downloadInput, type RawFile } from './input/raw-files.ts';
import { publishedFiles } from './output/published-files.ts';
import { refusalOf } from './output/refusal.ts';
import { indicatorsCsv, metricsCsv, rowsOf } from './output/tables.ts';
import { StageCache } from './stages/cache/stage-cache.ts';
import { planStages, shownPlan } from './stages/plan-stages.ts';
import { runStages, type CityResult } from './stages/run-stages.ts';
import type { Stage } from './stages/stage.ts';

export interface HeatPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  /** Where the parameters of requested runs are; absent for a pipeline that takes none. */
  readonly requests?: ObjectStore;
  /** What the stages have made, under the hashes of what it follows from. */
  readonly cache: ObjectStore;
  /** The services that sources are fetched from. */
  readonly fetching: Pick<FetchPorts, 'sending' | 'cdsKey' | 'longestWaitMs'>;
  /** An empty folder of the disk. */
  readonly folder: string;
  readonly stagesOf: (raw: readonly RawFile[]) => readonly Stage[];
  readonly clock: () => Date;
  readonly log: JobLog;
}

/** A city has about twenty: a band of a scene, a month of weather, a station. */
const MOST_FILES = 1_000;

/**
 * Does one attempt and gives the manifest that stands. An input that no job could use gives a refusal, which is work
 * done; every other failure is thrown, and then no manifest names what was written. Another try of the attempt writes
 * the same bytes: the only time in them is that of the freeze.
 */
export async function heat(ports: HeatPorts, attempt: AttemptKey): Promise<OutputManifest> {
  const { runs, folder, clock, log } = ports;
  const started = clock().getTime();
  const seconds = () => ({ seconds: (clock().getTime() - started) / 1000 });
  const input = await readInputManifest(runs, attempt.pipeline, attempt.run, MOST_FILES);
  const files = await step('fetch', () => downloadInput(runs, input, join(folder, 'input')));
  log.info(seconds(), `fetched ${counted(files.length, 'file')}`);
  const { cities, problems } = readCities(
    files.filter(({ role }) => role === 'cities'),
    input.frozenAt,
  );
  if (problems.length > 0) return refuse(ports, attempt, problems);
  const raw = files.filter(({ role }) => role !== 'cities');
  const parameters = await requestedParameters(runs, ports.requests, input);
  if (parameters !== undefined) return analyzed(ports, attempt, { cities, raw, input, parameters });
  // A dry run asks no service: stages that need what is not in the bucket are shown as those to run.
  const { published, plans } = await planned(ports, cities, ports.stagesOf(raw));
  // Every output is published whole, so a run without a city would empty the tables.
  if (published.length === 0) return refuse(ports, attempt, plans);
  const run = await runCities(ports, published, raw, input.frozenAt);
  if (run.problems.length > 0) return refuse(ports, attempt, run.problems);
  const manifest = await publish(ports, attempt, run.results);
  log.info(seconds(), `wrote the files of all cities (${published.length})`);
  return manifest;
}

/** A city with `mode.dry_run` is planned, logged, and left out of what is published. */
async function planned(ports: HeatPorts, cities: readonly NamedCity[], stages: readonly Stage[]) {
  const cache = new StageCache(ports.cache);
  const plans: Problem[] = [];
  for (const { file, city } of cities.filter((each) => each.city.mode.dry_run)) {
    const plan = shownPlan(await planStages(cache, ports.folder, city, stages));
    ports.log.info({ city: city.city, plan }, `${city.city}, planned and not run: ${plan}`);
    const found = `true (${plan})`;
    plans.push({ file, place: 'mode.dry_run', found, expected: 'false for at least one city, to publish' });
  }
  return { published: cities.filter(({ city }) => !city.mode.dry_run), plans };
}

interface Requested {
  readonly cities: readonly NamedCity[];
  readonly raw: readonly RawFile[];
  readonly input: InputManifest;
  readonly parameters: Parameters;
}

/** The run of a request. Raw data that cannot be used for its period are a refusal as well. */
async function analyzed(
  ports: HeatPorts,
  attempt: AttemptKey,
  { cities, raw, input: { frozenAt }, parameters }: Requested,
): Promise<OutputManifest> {
  const { clock, log, results } = ports;
  const runCity = (city: City) => {
    const { file } = cities.find((each) => each.city.city === city.city)!;
    return runOne(ports, { file, city }, { raw, frozenAt, progress: progressOf(log, 0, 1, city.city) });
  };
  try {
    const configured = cities.map(({ city }) => city);
    return await analyze({ results, clock, log, runCity }, attempt, configured, parameters);
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return refuse(ports, attempt, [error.problem]);
  }
}

interface CitiesRun {
  readonly results: readonly CityResult[];
  readonly problems: readonly Problem[];
}

/** A city whose input cannot be used does not keep the others from the cache. */
async function runCities(
  ports: HeatPorts,
  cities: readonly NamedCity[],
  raw: readonly RawFile[],
  frozenAt: string,
): Promise<CitiesRun> {
  const results: CityResult[] = [];
  const problems: Problem[] = [];
  for (const [index, named] of cities.entries()) {
    const progress = progressOf(ports.log, index, cities.length, named.city.city);
    try {
      results.push(await runOne(ports, named, { raw, frozenAt, progress }));
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      problems.push(error.problem);
    }
  }
  return { results, problems };
}

interface OneRun {
  readonly raw: readonly RawFile[];
  readonly frozenAt: string;
  readonly progress: (share: number, text: string) => void;
}

/** Fetches what the city's configuration asks services for, and runs the stages. */
async function runOne(
  { cache: store, fetching, stagesOf, folder, clock, log }: HeatPorts,
  { file, city }: NamedCity,
  { raw, frozenAt, progress }: OneRun,
): Promise<CityResult> {
  const request = { file, city, frozenAt, folder: join(folder, 'fetched') };
  const fetched = await step('fetch', () => fetchSources(request, { ...fetching, store, clock }));
  const stages = stagesOf([...raw, ...fetched]);
  const cache = new StageCache(store);
  return runStages({ cache, folder, clock, log }, { city, stages, frozenAt, progress });
}

/** Those who follow a run see how far it is, in hundredths of all cities. */
const progressOf =
  (log: JobLog, index: number, count: number, city: string) =>
  (share: number, text: string): void => {
    const done = Math.floor((100 * (index + share)) / count);
    log.info(
      { progress: { done, total: 100, what: `${city}: ${text}` } },
      `${city}: ${text}, ${done} of 100`,
    );
  };

async function publish(
  { results, clock }: HeatPorts,
  attempt: AttemptKey,
  cities: readonly CityResult[],
): Promise<OutputManifest> {
  const rows = await Promise.all(cities.map(rowsOf));
  const table = (name: string, csv: string): FileToWrite => ({
    name,
    type: 'text/csv',
    rows: rows.length,
    content: () => streamOf(csv),
  });
  const files = await writeFiles(results, attempt, [
    ...(await Promise.all(cities.map(publishedFiles))).flat(),
    table('indicators.csv', indicatorsCsv(attempt.pipeline, rows)),
    table('metrics.csv', metricsCsv(attempt.pipeline, rows)),
  ]);
  return writeManifest(results, {
    kind: 'output',
    ...attempt,
    writtenAt: clock().toISOString(),
    files,
    rows: rows.length,
    summary: { cities: rows.length },
  });
}

async function refuse(
  { results, clock, log }: HeatPorts,
  attempt: AttemptKey,
  problems: readonly Problem[],
): Promise<OutputManifest> {
  const refusal = refusalOf(problems);
  const { problemCount } = refusal;
  log.warn({ problemCount, problems: refusal.problems.slice(0, 5) }, `refused the input: ${refusal.reason}`);
  return writeManifest(results, {
    kind: 'refusal',
    ...attempt,
    writtenAt: clock().toISOString(),
    ...refusal,
  });
}
