// The page for analysts, fetched from a run's output into the data folder, or where it is wanted.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Language } from '../../shared/page/languages.ts';
import { reportFile } from '../../shared/report/report-file.ts';
import { commandLine } from '../../shared/command-line.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { listRuns, type RunSummary } from '../../shared/history/history.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { knownRun } from './run.ts';
import { resultsOf, runsOf, toListRuns } from './stores.ts';
import { requireWatch } from './watch-only.ts';

const LARGEST_REPORT_BYTES = 64 * 1024 * 1024;

export interface ReportOptions {
  readonly id: string | undefined;
  readonly language: Language;
  /** The file to write; by default one in the folder `reports` of the data folder. */
  readonly out: string | undefined;
  readonly data: string;
}

export async function writeReport(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { id, language, out, data }: ReportOptions,
): Promise<void> {
  requireWatch(pipeline, 'report');
  const { run, status, outcome } = await wantedRun(target, pipeline, id);
  if (!outcome?.attempt)
    throw new ConfigurationError(
      `Run ${run} of ${pipeline.name} is ${status} and has no output. ${toListRuns(pipeline)}`,
    );
  const name = reportFile(language);
  const folder = outputFolder(pipeline.name, run, outcome.attempt);
  const found = await resultsOf(target).readText(`${folder}${name}`, LARGEST_REPORT_BYTES);
  if (found === undefined)
    throw new ConfigurationError(
      `Run ${run} of ${pipeline.name} is ${status} and has no ${name}. ${toListRuns(pipeline)}`,
    );
  const file = out ?? join(data, 'reports', name.replace(/^report/, `report-${pipeline.name}-${run}`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, found.text);
  sluice.report({ run, language, file }, `Wrote ${file}`);
}

async function wantedRun(
  target: Target,
  pipeline: Pipeline,
  id: string | undefined,
): Promise<Pick<RunSummary, 'run' | 'status' | 'outcome'>> {
  if (id !== undefined) return knownRun(target, pipeline, id);
  const [newest] = await listRuns(runsOf(target), pipeline.name, 1);
  if (newest !== undefined) return newest;
  throw new ConfigurationError(
    `${pipeline.name} has no run. To poll the source now: ${commandLine(pipeline.name, 'tick')}`,
  );
}
