// The pages for readers, fetched from a run's output into the data folder, with the files beside them that they link to.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Language } from '../../shared/page/languages.ts';
import { reportFile } from '../../shared/report/report-file.ts';
import { counted } from '../../shared/counted.ts';
import { commandLine } from '../../shared/command-line.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { listRuns, type RunSummary } from '../../shared/history/history.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { knownRun } from './run.ts';
import { resultsOf, runsOf, toListRuns } from './stores.ts';
import { requireWatch } from './watch-only.ts';

const LARGEST_REPORT_BYTES = 64 * 1024 * 1024;
const LARGEST_LINKED_BYTES = 256 * 1024 * 1024;
/** Of one attempt. */
const MOST_FILES = 20_000;

export interface ReportOptions {
  readonly id: string | undefined;
  readonly language: Language;
  /** The file to write, alone; by default the run has a folder in the folder `reports` of the data folder. */
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
  const folder = outputFolder(pipeline.name, run, outcome.attempt);
  const results = resultsOf(target);
  const pages = await pagesIn(results, folder, reportFile(language));
  if (pages.length === 0)
    throw new ConfigurationError(
      `Run ${run} of ${pipeline.name} is ${status} and has no ${reportFile(language)}. ${toListRuns(pipeline)}`,
    );
  if (out !== undefined && pages.length > 1)
    throw new ConfigurationError(
      `Run ${run} of ${pipeline.name} has ${pages.length} reports, and --out names one file; leave --out away`,
    );
  // Each page has the name by which other pages link to it.
  const beside = join(data, 'reports', `${pipeline.name}-${run}`);
  for (const { name, text } of pages) {
    const file = out ?? join(beside, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    const note = out === undefined ? await saveLinked(results, folder, linkedIn(text), beside) : '';
    sluice.report({ run, language, file }, `Wrote ${file}${note}`);
  }
}

/** The files beside a page that it links to, by their names. */
export const linkedIn = (page: string): readonly string[] => [
  ...new Set(Array.from(page.matchAll(/ (?:href|src)="(\w[\w.-]*)"/g), ([, name = '']) => name)),
];

/** Saves those that the run wrote; returns how many there are and which are too large, for the message. */
export async function saveLinked(
  results: Pick<ObjectStore, 'info' | 'readStart'>,
  folder: string,
  names: readonly string[],
  into: string,
): Promise<string> {
  let saved = 0;
  const large: string[] = [];
  for (const name of names) {
    const info = await results.info(`${folder}${name}`);
    if (info === undefined) continue;
    if (info.sizeBytes > LARGEST_LINKED_BYTES) {
      large.push(name);
      continue;
    }
    await writeFile(join(into, name), await results.readStart(info.name, info.sizeBytes));
    saved++;
  }
  const count = saved === 0 ? '' : `, and ${counted(saved, 'file')} beside it`;
  return large.length === 0 ? count : `${count}; left out, because too large: ${large.join(', ')}`;
}

interface Page {
  readonly name: string;
  readonly text: string;
}

/** The report of the run, or one of each of its subjects: `paris_report.html`. */
async function pagesIn(results: ObjectStore, folder: string, name: string): Promise<readonly Page[]> {
  const whole = await results.readText(`${folder}${name}`, LARGEST_REPORT_BYTES);
  if (whole !== undefined) return [{ name, text: whole.text }];
  const pages: Page[] = [];
  for (const { name: object } of await results.list(folder, MOST_FILES)) {
    const file = object.slice(folder.length);
    if (!file.endsWith(`_${name}`) || file.includes('/')) continue;
    const page = await results.readText(object, LARGEST_REPORT_BYTES);
    if (page !== undefined) pages.push({ name: file, text: page.text });
  }
  return pages;
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
