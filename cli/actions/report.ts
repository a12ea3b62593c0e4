// The page for analysts, fetched from a run's output into the data folder, or where it is wanted.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reportFile, type Language } from '../../jobs/forecast/report/language/languages.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { listRuns } from '../../shared/history/history.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { checkedRunId, resultsOf, runsOf } from './stores.ts';

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
  const [newest] = await listRuns(runsOf(target), pipeline.name, 1);
  const run = id === undefined ? newest?.run : checkedRunId(id);
  const attempt =
    run === undefined ? undefined : (await readOutcome(runsOf(target), pipeline.name, run))?.attempt;
  if (run === undefined)
    throw new ConfigurationError(`${pipeline.name} has no run yet; sluice tick polls now`);
  if (!attempt)
    throw new ConfigurationError(`run ${run} of ${pipeline.name} has no output; sluice runs lists the runs`);
  const name = reportFile(language);
  const folder = outputFolder(pipeline.name, run, attempt);
  const found = await resultsOf(target).readText(`${folder}${name}`, LARGEST_REPORT_BYTES);
  if (found === undefined) throw new ConfigurationError(`run ${run} of ${pipeline.name} has no ${name}`);
  const file = out ?? join(data, 'reports', name.replace(/^report/, `report-${pipeline.name}-${run}`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, found.text);
  sluice.report({ run, language, file }, `Wrote ${file}`);
}
