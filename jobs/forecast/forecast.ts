// The job's story: read the frozen workbooks, forecast, write the table, and name it in a manifest.
import { counted } from '../../shared/counted.ts';
import { toJson } from '../../shared/objects/json.ts';
import type { Attempt, ForecastPorts } from './attempt.ts';
import type { OutputManifest } from '../../shared/outputs/manifest.ts';
import { step } from '../../shared/tracing/spans.ts';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { intervalsAsCsv } from './output/intervals.ts';
import { measuredTable, type ReadInput } from './measured-table.ts';
import { publishedFiles } from './output/published-files.ts';
import { publishedOf } from './output/published.ts';
import { parametersIn } from '../../shared/attempts/parameters.ts';
import { PARAMETERS_ROLE } from '../../shared/requests/names.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { rowCount, tableAsCsv } from './output/table.ts';
import { streamOf, writeFiles } from '../../shared/attempts/write-files.ts';
import { reportPages } from './report/report.ts';
import { isoDateOf } from './series/panel.ts';
import { todayOf } from './series/today.ts';
import { readFolderApart } from './workbook/apart.ts';
import { whatIf } from './what-if/what-if.ts';

/**
 * Does one attempt and gives the manifest that stands. Input that no job could use gives a refusal, which is
 * work done; every other failure is thrown, and then no manifest names what was written.
 */
export async function forecast(ports: ForecastPorts, attempt: Attempt): Promise<OutputManifest> {
  const { runs, requests, results, clock, log } = ports;
  const { pipeline, run } = attempt;
  const started = clock().getTime();
  const seconds = () => ({ seconds: (clock().getTime() - started) / 1000 });

  const input = await readInputManifest(runs, pipeline, run);
  const files = await step('fetch', () => fetchFiles(runs, input, requests));
  log.info(seconds(), `fetched ${counted(files.length, 'file')}`);

  const workbooks = files.filter(({ role }) => role !== PARAMETERS_ROLE);
  const reading = await step('read', () => readFolderApart(workbooks, todayOf(clock())));
  const base = { pipeline, run, attempt: attempt.attempt, writtenAt: clock().toISOString() };
  if (reading.kind === 'refused') {
    const { problems, problemCount } = reading;
    const reason = problems[0]?.message ?? 'the input cannot be used';
    log.warn({ ...seconds(), problemCount, problems: problems.slice(0, 5) }, `refused the input: ${reason}`);
    return writeManifest(results, { kind: 'refusal', ...base, reason, problems, problemCount });
  }
  const { panel } = reading;
  log.info(seconds(), `read ${counted(panel.sites.length, 'site')} up to ${isoDateOf(panel.lastDay)}`);
  if (workbooks.length < files.length) return whatIf(ports, attempt, reading, parametersIn(files));

  return writeTables(ports, attempt, { input, reading, seconds }, base);
}

/** The run of a publication: the tables, what was measured of them, and the report. */
async function writeTables(
  ports: ForecastPorts,
  attempt: Attempt,
  read: ReadInput,
  base: Pick<OutputManifest, 'pipeline' | 'run' | 'attempt' | 'writtenAt'>,
): Promise<OutputManifest> {
  const { results, clock, log } = ports;
  const { table, evidence, metrics, summary } = await measuredTable(ports, attempt, read);
  const { panel } = read.reading;
  const rows = rowCount(table);
  const published = publishedOf(table, evidence, metrics);
  const pages = reportPages({ pipeline: attempt.pipeline, metrics, evidence, panel, published });
  const written = await writeFiles(results, attempt, [
    { name: 'predictions.csv', type: 'text/csv', rows, content: () => tableAsCsv(table) },
    {
      name: 'predictions_intervals.csv',
      type: 'text/csv',
      rows,
      content: () => intervalsAsCsv(table, evidence.band),
    },
    { name: 'metrics.json', type: 'application/json', content: () => streamOf(toJson(metrics)) },
    ...publishedFiles(published),
    ...pages.map(({ name, page }) => ({
      name,
      type: 'text/html; charset=utf-8',
      content: () => streamOf(page),
    })),
  ]);
  const manifest = await writeManifest(results, {
    kind: 'output',
    ...base,
    writtenAt: clock().toISOString(),
    files: written,
    rows,
    summary,
  });
  log.info({ ...read.seconds(), rows }, `wrote ${counted(rows, 'row')}`);
  return manifest;
}
