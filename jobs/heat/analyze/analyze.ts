// A requested run of the job: one city, analysed over the wanted period, with its numbers as the result and its maps and
// reports beside it.
import { ATTACHMENTS, RESULT_FILE, type AnalyzeResult } from '../../../models/heat/analyze.ts';
import { fetchFiles } from '../../../shared/attempts/input.ts';
import { writeManifest } from '../../../shared/attempts/manifest.ts';
import { parametersIn } from '../../../shared/attempts/parameters.ts';
import { streamOf, writeFiles, type AttemptKey, type JobLog } from '../../../shared/attempts/write-files.ts';
import { toJson } from '../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { InputProblem, OutputManifest } from '../../../shared/outputs/manifest.ts';
import type { Parameters } from '../../../shared/pipelines/requests.ts';
import { PARAMETERS_ROLE } from '../../../shared/requests/names.ts';
import type { InputManifest } from '../../../shared/runs/input.ts';
import type { City } from '../city/city.ts';
import { publishedFiles } from '../output/published-files.ts';
import { rowsOf } from '../output/tables.ts';
import type { CityResult } from '../stages/run-stages.ts';
import { askedOf, reasonOf } from './asked.ts';

export interface AnalyzePorts {
  readonly results: ObjectStore;
  readonly clock: () => Date;
  readonly log: JobLog;
  /** Throws `UnusableFile` where the raw data cannot be used for the city. */
  readonly runCity: (city: City) => Promise<CityResult>;
}

/** Undefined for a run that was not requested. */
export async function requestedParameters(
  runs: ObjectStore,
  requests: ObjectStore | undefined,
  input: InputManifest,
): Promise<Parameters | undefined> {
  const files = input.files.filter(({ role }) => role === PARAMETERS_ROLE);
  if (files.length === 0) return undefined;
  return parametersIn(await fetchFiles(runs, { ...input, files }, requests));
}

export async function analyze(
  ports: AnalyzePorts,
  attempt: AttemptKey,
  cities: readonly City[],
  parameters: Parameters,
): Promise<OutputManifest> {
  const asked = askedOf(parameters, cities);
  if (asked.kind === 'refused') return refuse(ports, attempt, asked.problems);
  const result = await ports.runCity(asked.city);
  const { indicators, metrics } = await rowsOf(result);
  const files = (await publishedFiles(result)).filter(({ name }) => ATTACHMENTS.test(name));
  const { city, period } = asked.city;
  const answer: AnalyzeResult = {
    city,
    period,
    threshold_celsius: asked.city.indicators.threshold_celsius,
    indicators,
    metrics,
    files: files.map(({ name }) => name).toSorted(),
  };
  const written = await writeFiles(ports.results, attempt, [
    { name: RESULT_FILE, type: 'application/json', content: () => streamOf(toJson(answer)) },
    ...files,
  ]);
  ports.log.info({ files: written.length }, `wrote the analysis and ${files.length} attachments`);
  return writeManifest(ports.results, {
    kind: 'output',
    ...attempt,
    writtenAt: ports.clock().toISOString(),
    files: written,
    rows: 0,
    summary: { city, ...period },
  });
}

/** The log names the fields alone: what the requester sent is in no log. */
function refuse(
  { results, clock, log }: AnalyzePorts,
  attempt: AttemptKey,
  problems: readonly InputProblem[],
): Promise<OutputManifest> {
  log.warn({ fields: problems.map(({ column }) => column) }, 'refused the parameters');
  return writeManifest(results, {
    kind: 'refusal',
    ...attempt,
    writtenAt: clock().toISOString(),
    reason: reasonOf(problems),
    problems,
    problemCount: problems.length,
  });
}
