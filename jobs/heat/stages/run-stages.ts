// Runs the stages of one city in their sequence, each from the cache where nothing that it follows from has changed.
import { counted } from '../../../shared/counted.ts';
import { join } from 'node:path';
import { messageOf } from '../../../shared/errors.ts';
import { step } from '../../../shared/tracing/spans.ts';
import type { JobLog } from '../../../shared/attempts/write-files.ts';
import type { StageManifest } from '../../../models/heat/documents.ts';
import type { City } from '../city/city.ts';
import { keyOf } from './cache/key.ts';
import { MANIFEST, type EntryKey, type StageCache } from './cache/stage-cache.ts';
import { byName, isStageFileName, listedFile, LocalFiles, type StageResult } from './local-files.ts';
import type { Stage, StageFile, StageInputs, StageName } from './stage.ts';

export interface StagePorts {
  readonly cache: StageCache;
  /** A folder of the disk, for this run alone. */
  readonly folder: string;
  readonly clock: () => Date;
  readonly log: JobLog;
}

export interface CityTask {
  readonly city: City;
  readonly stages: readonly Stage[];
  readonly frozenAt: string;
  /** Called with the share of the city's stages that is done, 0 to 1, and what is done now. */
  readonly progress: (share: number, text: string) => void;
}

/** Where the files of a stage come from. */
type From = 'cache' | 'run';

export interface CityResult {
  readonly city: City;
  readonly results: ReadonlyMap<StageName, StageResult>;
}

/** Throws `UnusableFile` where a stage cannot use its input. */
export async function runStages(ports: StagePorts, task: CityTask): Promise<CityResult> {
  const { city, stages } = task;
  const results = new Map<StageName, StageResult>();
  for (const [index, stage] of stages.entries()) {
    const started = ports.clock().getTime();
    const key = keyOf(stage, city, results);
    const entry: EntryKey = { city: city.city, stage: stage.name, key };
    const progress = (share: number, text: string) => task.progress((index + share) / stages.length, text);
    progress(0, stage.name);
    const about = { 'sluice.city': city.city, 'sluice.stage': stage.name };
    const { result, from } = await step(
      stage.name,
      () => resultOf(ports, { ...task, progress }, stage, entry, results),
      about,
    );
    const seconds = (ports.clock().getTime() - started) / 1000;
    results.set(stage.name, result);
    const how = from === 'cache' ? 'taken from the cache' : `made ${counted(result.files.length, 'file')}`;
    ports.log.info(
      { city: city.city, stage: stage.name, from, seconds, key },
      `${city.city}, ${stage.name}: ${how} in ${seconds.toFixed(1)} s`,
    );
  }
  return { city, results };
}

async function resultOf(
  ports: StagePorts,
  task: CityTask,
  stage: Stage,
  entry: EntryKey,
  results: ReadonlyMap<StageName, StageResult>,
): Promise<{ readonly result: StageResult; readonly from: From }> {
  const local = new LocalFiles(join(ports.folder, 'stages', entry.city, entry.stage));
  const found = await ports.cache.find(entry, local);
  if (found.kind === 'hit') return { result: found.result, from: 'cache' };
  for (const damaged of found.damaged)
    ports.log.warn(
      { city: entry.city, stage: entry.stage },
      `an entry of the cache is left aside, and ${entry.stage} runs again: ${damaged}`,
    );
  const { city, frozenAt, progress } = task;
  const inputs = inputsOf(stage, results);
  const files = checkedFiles(stage, await stage.run({ city, frozenAt, inputs, progress }));
  for (const { name, bytes } of files) await local.write(name, bytes);
  const listed = files.map(listedFile);
  if (city.mode.save_intermediate) {
    const kept = await keep(ports, entry, manifestOf(task, stage, entry, listed), local);
    if (!kept)
      ports.log.warn(
        { ...entry },
        `${entry.city}, ${entry.stage}: its files could not be kept; the next run makes them again`,
      );
  }
  const result: StageResult = {
    files: listed,
    read: (name) => local.read(name),
    open: async (name) => () => local.stream(name),
  };
  return { result, from: 'run' };
}

/** The cache only saves time: what cannot be kept is computed again, and the run goes on. */
async function keep(
  { cache, log }: StagePorts,
  entry: EntryKey,
  manifest: StageManifest,
  local: LocalFiles,
): Promise<boolean> {
  try {
    return await cache.keep(entry, manifest, local);
  } catch (error) {
    log.warn({ ...entry, err: error }, `writing the cache failed: ${messageOf(error)}`);
    return false;
  }
}

/** Sorted by name. Throws where a stage names a file in a way that no folder can hold. */
function checkedFiles(stage: Stage, files: readonly StageFile[]): readonly StageFile[] {
  const sorted = files.toSorted(byName);
  const wrong = sorted.find(
    ({ name }, at) => !isStageFileName(name) || name === MANIFEST || name === sorted[at - 1]?.name,
  );
  if (wrong === undefined) return sorted;
  throw new RangeError(
    `${stage.name} made the file ${JSON.stringify(wrong.name)}; expected each name once, of letters, digits, dots, ` +
      `dashes and underscores between slashes, and none that is ${MANIFEST}`,
  );
}

/** A stage reads the files of the stages that it declares, because its key follows from these alone. */
function inputsOf(stage: Stage, results: ReadonlyMap<StageName, StageResult>): StageInputs {
  const declared = (name: StageName): StageResult => {
    const result = stage.reads.includes(name) ? results.get(name) : undefined;
    if (result === undefined) throw new RangeError(`${stage.name} does not declare that it reads ${name}`);
    return result;
  };
  return {
    names: (name) => declared(name).files.map((file) => file.name),
    read: (name, file) => declared(name).read(file),
  };
}

const manifestOf = (
  { city, frozenAt }: CityTask,
  { version }: Stage,
  { stage, key }: EntryKey,
  files: readonly ReturnType<typeof listedFile>[],
): StageManifest => ({
  city: city.city,
  period: city.period,
  grid: city.grid,
  tiles: [{ id: city.city, bbox: city.extent.bbox_wgs84 }],
  variables: city.variables,
  created_at: frozenAt,
  stage,
  mode: { dry_run: city.mode.dry_run },
  version,
  key,
  files: files.map(({ sizeBytes, ...file }) => ({ ...file, size_bytes: sizeBytes })),
});
