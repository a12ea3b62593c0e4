// The table of a run, and what is measured of it: all that a publication is judged by, before anything is written.
import { step } from '../../shared/tracing/spans.ts';
import type { JobLog } from '../../shared/attempts/write-files.ts';
import type { InputManifest } from '../../shared/runs/input.ts';
import type { Attempt, ForecastPorts } from './attempt.ts';
import { evidenceOf } from './backtest/evidence.ts';
import { metricsOf, summaryOf } from './output/metrics.ts';
import type { DataNote } from './series/notes.ts';
import { filterOutliers } from './series/outlier-filter.ts';
import { gapsOf, qualityNotesOf } from './series/quality-notes.ts';
import { yearStart } from './series/today.ts';
import type { ReadPanel } from './what-if/what-if.ts';

export interface ReadInput {
  readonly input: Pick<InputManifest, 'notes'>;
  readonly reading: ReadPanel;
  /** Since the job began, for the log. */
  readonly seconds: () => { readonly seconds: number };
}

export async function measuredTable(
  { engine, log }: Pick<ForecastPorts, 'engine' | 'log'>,
  { country, horizonDays }: Pick<Attempt, 'country' | 'horizonDays'>,
  { input, reading, seconds }: ReadInput,
) {
  const { panel } = reading;
  const filtered = filterOutliers(panel);
  const span = { panel: filtered.panel, from: yearStart(panel.lastDay), to: panel.lastDay + horizonDays };
  const foreseen = await step('forecast', () => engine.forecast({ ...span, progress: progressTo(log) }));
  log.info(seconds(), `forecast with ${engine.name}`);

  const evidence = evidenceOf(span, foreseen.walk, country);
  // The table shows every actual as it was reported, outliers too.
  const table = { ...span, panel, predictions: evidence.predictions };
  const circumstances = {
    excluded: reading.excluded,
    notes: [...folderNotes(input), ...reading.notes, ...gapsOf(panel)],
    qualityNotes: qualityNotesOf(filtered.panel, filtered.outliers),
  };
  const metrics = metricsOf(table, circumstances, evidence, engine.name, foreseen.metrics);
  log.info({ ...seconds(), ...summaryOf(metrics) }, 'measured the forecast');
  /** For the manifest: what the gate reads. */
  const summary = { ...summaryOf(metrics), errorsByDay: metrics.errorsByDay };
  return { table, evidence, metrics, summary };
}

const progressTo =
  (log: JobLog) =>
  (done: number, total: number, what: string): void =>
    log.info({ progress: { done, total, what } }, `forecast ${what} ${done} of ${total}`);

const folderNotes = ({ notes = [] }: ReadInput['input']): readonly DataNote[] =>
  notes.map((text) => ({ kind: 'folder', text }));
