// The job's story: read the frozen exports, train, measure beside the champions, write the models, and name them in a manifest.
import { counted } from '../../shared/counted.ts';
import { Readable } from 'node:stream';
import { descriptor, descriptorName, type Descriptor } from '../../models/bikes/bundle.ts';
import type { LoadedModel, ModelFiles } from '../../models/bikes/model.ts';
import type { Observations } from '../../models/bikes/observations.ts';
import { fetchFiles, readInputManifest, type InputFile } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import {
  streamOf,
  writeFiles,
  type AttemptKey,
  type FileToWrite,
  type JobLog,
} from '../../shared/attempts/write-files.ts';
import { toJson } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { InputProblem, OutputManifest } from '../../shared/outputs/manifest.ts';
import type { InputManifest } from '../../shared/runs/input.ts';
import { step } from '../../shared/tracing/spans.ts';
import { readChampions, type ReadChampions } from './champions.ts';
import { driftsOf } from './drift.ts';
import { metricsOf, resultOf, summaryOf, type TrainingMetrics } from './metrics.ts';
import { boundedNotes, type DataNote } from './reading/notes.ts';
import { readExports, type Reading } from './reading/read-exports.ts';
import { TooFewObservations, type Champions, type TrainedModel, type TrainModels } from './trained.ts';

export interface TrainPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  /** Where the champions are; absent while the pipeline publishes no model. */
  readonly exports: ObjectStore | undefined;
  readonly trainModels: TrainModels;
  /** As the service loads a model: verified and tested. */
  readonly loadModel: (files: ModelFiles) => LoadedModel;
  readonly reportPages: ReportPages;
  readonly clock: () => Date;
  readonly log: JobLog;
}

export interface Reported {
  readonly pipeline: string;
  readonly metrics: TrainingMetrics;
  readonly observations: Observations;
  readonly models: readonly TrainedModel[];
}

/** The pages for analysts: `report.html`, and one for each other language. */
export type ReportPages = (reported: Reported) => readonly { readonly name: string; readonly page: string }[];

type Read = Extract<Reading, { kind: 'read' }>;

const HOUR_MS = 3_600_000;

/**
 * Does one attempt and gives the manifest that stands. Exports that no job could use give a refusal, which is work
 * done; every other failure is thrown, and then no manifest names what was written. Another try of the attempt writes
 * the same bytes: the only time in them is that of the freeze.
 */
export async function train(ports: TrainPorts, attempt: AttemptKey): Promise<OutputManifest> {
  const { runs, clock, log } = ports;
  const started = clock().getTime();
  const seconds = () => ({ seconds: (clock().getTime() - started) / 1000 });

  const input = await readInputManifest(runs, attempt.pipeline, attempt.run);
  const files = await step('fetch', () => fetchFiles(runs, input));
  log.info(seconds(), `fetched ${counted(files.length, 'file')}`);

  const newest = Math.floor(Date.parse(input.frozenAt) / HOUR_MS);
  const reading = await step('read', () => readExports(files.map(exportOf), { newest }));
  if (reading.kind === 'refused') return refuse(ports, attempt, reading);
  log.info(
    { ...seconds(), dropped: reading.dropped },
    `read ${reading.observations.hour.length} hours of ${reading.observations.counters.length} counters`,
  );

  const champions = await step('champions', () => readChampions(ports.exports, input.champions ?? []));
  const byTask: Champions = Object.fromEntries(champions.read.map(({ task, champion }) => [task, champion]));
  try {
    const models = await step('train', () =>
      ports.trainModels(reading.observations, byTask, (done, total, what) =>
        log.info({ progress: { done, total, what } }, `trained ${what} ${done} of ${total}`),
      ),
    );
    log.info(seconds(), `trained ${models.map(({ task }) => task).join(', ')}`);
    return await publish(ports, attempt, { input, reading, champions, byTask, models });
  } catch (error) {
    if (!(error instanceof TooFewObservations)) throw error;
    return refuse(ports, attempt, { problems: [problemOf(files, error)], problemCount: 1 });
  }
}

const exportOf = ({ name, bytes }: InputFile) => ({ name, open: () => Readable.from([bytes]) });

interface Trained {
  readonly input: InputManifest;
  readonly reading: Read;
  readonly champions: ReadChampions;
  readonly byTask: Champions;
  readonly models: readonly TrainedModel[];
}

async function publish(
  { results, loadModel, reportPages, clock, log }: TrainPorts,
  attempt: AttemptKey,
  { input, reading, champions, byTask, models }: Trained,
): Promise<OutputManifest> {
  const { observations } = reading;
  const written = models.map((model) => verified(model, input.frozenAt, loadModel));
  const { drift, notes } = driftsOf(champions.read, observations, loadModel);
  const metrics = metricsOf(observations, models, {
    ...reading,
    notes: boundedNotes([
      ...folderNotes(input),
      ...champions.notes,
      ...models.flatMap(notesOf),
      ...notes,
      ...reading.notes,
    ]),
    champions: byTask,
    drift,
  });
  const pages = reportPages({ pipeline: attempt.pipeline, metrics, observations, models });
  const files = await writeFiles(results, attempt, [
    ...written.flat(),
    { name: 'metrics.json', type: 'application/json', content: () => streamOf(toJson(metrics)) },
    ...pages.map(({ name, page }) => ({
      name,
      type: 'text/html; charset=utf-8',
      content: () => streamOf(page),
    })),
  ]);
  const manifest = await writeManifest(results, {
    kind: 'output',
    ...attempt,
    writtenAt: clock().toISOString(),
    files,
    rows: metrics.rows,
    summary: summaryOf(metrics),
    models: models.map((model) => resultOf(model, byTask)),
  });
  log.info({ files: files.length, ...summaryOf(metrics) }, `wrote ${counted(files.length, 'file')}`);
  return manifest;
}

const notesOf = ({ notes = [] }: TrainedModel): readonly DataNote[] =>
  notes.map((text) => ({ kind: 'champion', text }));

/**
 * The model's files, after the check that a service makes: what no service would load must not become current. Throws
 * an `Error` that names the file.
 */
function verified(
  model: TrainedModel,
  trainedAt: string,
  loadModel: TrainPorts['loadModel'],
): readonly FileToWrite[] {
  const described: Descriptor = descriptor.parse({ ...model.descriptor, trainedAt });
  const name = descriptorName(model.task);
  const text = toJson(described);
  const bytes = new Map(model.files.map((file) => [file.name, file.bytes]));
  loadModel({ descriptor: Buffer.from(text), bytes });
  return [
    ...model.files.map((file) => ({
      name: file.name,
      type: file.name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      content: () => streamOf(file.bytes),
    })),
    { name, type: 'application/json', content: () => streamOf(text) },
  ];
}

async function refuse(
  { results, clock, log }: TrainPorts,
  attempt: AttemptKey,
  { problems, problemCount }: { readonly problems: readonly InputProblem[]; readonly problemCount: number },
): Promise<OutputManifest> {
  const reason = problems[0]?.message ?? 'the input cannot be used';
  log.warn({ problemCount, problems: problems.slice(0, 5) }, `refused the input: ${reason}`);
  return writeManifest(results, {
    kind: 'refusal',
    ...attempt,
    writtenAt: clock().toISOString(),
    reason,
    problems,
    problemCount,
  });
}

/** Of all files together; a problem names one. */
function problemOf(files: readonly InputFile[], { found, expected }: TooFewObservations): InputProblem {
  const names = files.map(({ name }) => name);
  const file = names[0] ?? 'the source';
  const where = names.length > 1 ? `${file} and ${names.length - 1} more` : file;
  return { file, found, expected, message: `${where}: found ${found}; expected ${expected}` };
}

const folderNotes = ({ notes = [] }: InputManifest) =>
  notes.map((text) => ({ kind: 'folder' as const, text }));
