// What an operator can ask for and do: each command reads or writes through the same ports as the functions.
import { writeFile } from 'node:fs/promises';
import { reportFile, type Language } from '../jobs/forecast/report/language/languages.ts';
import { auditBucketOf, resultsBucketOf, runsBucketOf } from '../shared/deployment.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { bigqueryWarehouse } from '../shared/google/bigquery.ts';
import { callFunction } from '../shared/google/functions.ts';
import { gcsStore } from '../shared/google/storage.ts';
import { listAudit } from '../shared/commands/audit.ts';
import { shownOutput } from '../shared/pipelines/outputs.ts';
import type { Pipeline } from '../shared/pipelines/pipeline.ts';
import { listRuns, readRun, readStatus, type RunHistory } from '../shared/history/history.ts';
import { isRunId, outputFolder } from '../shared/runs/names.ts';
import { readOutcome } from '../shared/runs/outcome.ts';
import { freshnessView } from '../shared/warehouse/freshness.ts';
import type { Row } from '../shared/warehouse/warehouse.ts';
import { fromCaller } from './caller-folder.ts';
import type { Target } from './target.ts';

const LARGEST_REPORT_BYTES = 64 * 1024 * 1024;

const runsOf = ({ config }: Target) => gcsStore(runsBucketOf(config.GOOGLE_CLOUD_PROJECT), config);

/** Where the pipeline stands, and how fresh its table is. */
export async function status(target: Target, pipeline: Pipeline): Promise<Record<string, unknown>> {
  const { newest, poll, notes, paused, holder, attempt, queued } = await readStatus(
    runsOf(target),
    pipeline.name,
  );
  const warehouse = bigqueryWarehouse(target.config);
  const view = freshnessView(pipeline);
  const [fresh] =
    view === undefined ? [] : await warehouse.query(`SELECT * FROM ${warehouse.quoted(view)}`, {});
  const [last] = await listRuns(runsOf(target), pipeline.name, 1);
  return {
    pipeline: pipeline.name,
    paused: paused === undefined ? 'no' : `by ${paused.by} since ${paused.at}: ${paused.reason}`,
    'last look': poll === undefined ? 'nothing to report' : `${poll.outcome}: ${poll.reason} (${poll.at})`,
    'notes on the folder': notes.length === 0 ? 'none' : notes.map((note) => `${note}.`),
    'newest run': newest === undefined ? 'none yet' : `${newest.run} ${last?.status ?? ''}`,
    'its reason': last?.outcome?.reason ?? '',
    executing: holder === undefined ? 'nothing' : `${holder}, attempt ${attempt}`,
    queued: queued ?? 'nothing',
    publishes: pipeline.outputs.map(shownOutput).join(', '),
    published:
      fresh === undefined
        ? 'never'
        : `run ${String(fresh.run)} (${String(fresh.kind)}), ${String(fresh.row_count)} rows`,
    'published at': shown(fresh?.published_at),
    'data as of': shown(fresh?.data_as_of),
    gate: [shown(fresh?.gate), shown(fresh?.gate_detail)].filter(Boolean).join(': '),
    'next expected': shown(fresh?.next_expected_at),
  };
}

const shown = (cell: Row[string] | undefined): string => String(cell ?? '');

export const runs = (target: Target, pipeline: Pipeline, count: number) =>
  listRuns(runsOf(target), pipeline.name, count);

export async function run(target: Target, pipeline: Pipeline, id: string): Promise<RunHistory> {
  const found = await readRun(runsOf(target), pipeline.name, checkedRunId(id));
  if (found !== undefined) return found;
  throw new ConfigurationError(`there is no run ${id} of ${pipeline.name}; sluice runs lists them`);
}

/** Writes the report of a run's output, or of the newest run's, into a local file, and gives that file's name. */
export async function report(
  target: Target,
  pipeline: Pipeline,
  id: string | undefined,
  language: Language,
): Promise<string> {
  const [newest] = await listRuns(runsOf(target), pipeline.name, 1);
  const run = id === undefined ? newest?.run : checkedRunId(id);
  const attempt =
    run === undefined ? undefined : (await readOutcome(runsOf(target), pipeline.name, run))?.attempt;
  if (run === undefined || !attempt) {
    throw new ConfigurationError(
      `run ${run ?? ''} of ${pipeline.name} has no output yet; sluice runs lists the runs`,
    );
  }
  const { config } = target;
  const results = gcsStore(resultsBucketOf(config.GOOGLE_CLOUD_PROJECT), config);
  const name = reportFile(language);
  const found = await results.readText(
    `${outputFolder(pipeline.name, run, attempt)}${name}`,
    LARGEST_REPORT_BYTES,
  );
  if (found === undefined) throw new ConfigurationError(`run ${run} of ${pipeline.name} has no ${name}`);
  const file = name.replace(/^report/, `report-${pipeline.name}-${run}`);
  await writeFile(fromCaller(file), found.text);
  return file;
}

/** Looks at the source now, as the schedule would. */
export const tick = (target: Target, pipeline: Pipeline): Promise<unknown> =>
  callFunction(target.functionUrl('detect-changes'), { pipeline: pipeline.name });

export const audit = ({ config }: Target, pipeline: Pipeline, count: number) =>
  listAudit(
    { audit: gcsStore(auditBucketOf(config.GOOGLE_CLOUD_PROJECT), config), now: () => Date.now() },
    pipeline.name,
    count,
  );

/** What a person types becomes part of object names. */
function checkedRunId(id: string): string {
  if (isRunId(id)) return id;
  throw new ConfigurationError(`"${id}" is no run id; expected one like 000005-3fa9c1d2`);
}
