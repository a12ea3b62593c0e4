// What the job makes of files in memory: their frozen manifest, and the summary that the gate reads.
import { createHash } from 'node:crypto';
import type { Engine } from '../../../jobs/forecast/engine/engine.ts';
import { measuredTable } from '../../../jobs/forecast/measured-table.ts';
import { todayOf } from '../../../jobs/forecast/series/today.ts';
import { readFolderApart } from '../../../jobs/forecast/workbook/apart.ts';
import type { SourceFile } from '../../../jobs/forecast/workbook/read.ts';
import { SETTINGS, type Settings } from '../../../jobs/forecast/xgboost/settings.ts';
import { xgboostEngine } from '../../../jobs/forecast/xgboost/engine.ts';
import type { WeekStore } from '../../../jobs/forecast/learning/week-store.ts';
import { tablesOf } from '../../../shared/pipelines/outputs.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import { verdictOf, type Summary } from '../../../shared/warehouse/gate.ts';
import type { Verdict } from '../../../shared/warehouse/verdict.ts';

export const RUN = '000001-3fa9c1d2';

/** The bucket of runs with the files as start-run freezes them. */
export async function frozenInMemory(files: readonly SourceFile[], frozenAt: string): Promise<MemoryStore> {
  const runs = new MemoryStore('runs');
  const frozen = [];
  for (const [index, { role, name, bytes }] of files.entries()) {
    const object = `carmila/${RUN}/input/${role}-${index}.xlsx`;
    await runs.create(object, bytes, 'application/octet-stream');
    const md5 = createHash('md5').update(bytes).digest('base64');
    frozen.push({ role, name, object, sizeBytes: bytes.length, md5 });
  }
  const manifest = { pipeline: 'carmila', run: RUN, revision: 'r', files: frozen, frozenAt };
  await runs.create(`carmila/${RUN}/input.json`, JSON.stringify(manifest), 'application/json');
  return runs;
}

/** The summary of the manifest that the job writes of these files, as the warehouse gets it: through JSON. No report is drawn. */
export async function summaryOfJob(
  files: readonly SourceFile[],
  engine: Engine,
  now: string,
): Promise<Summary> {
  const reading = await readFolderApart(files, todayOf(new Date(now)));
  if (reading.kind === 'refused')
    throw new Error(`the job refuses the files: ${reading.problems[0]?.message}`);
  const ports = { engine, log: { info: () => undefined, warn: () => undefined } };
  const read = { input: {}, reading, seconds: () => ({ seconds: 0 }) };
  const { summary } = await measuredTable(ports, { horizonDays: 84, country: 'FR' }, read);
  return JSON.parse(JSON.stringify(summary)) as Summary;
}

/** The model as the job opens it where XGBoost is installed; the job mixes its forecasts. */
export const installedModel = (store: WeekStore, settings: Settings = SETTINGS): Engine =>
  xgboostEngine({ library: process.env['XGBOOST_LIBRARY'], store, threads: 2, country: 'FR', settings });

/** What the gate of the pipeline says of a run beside the publication before it. */
export function judged(published: Summary, summary: Summary): Verdict {
  const gate = tablesOf(carmila)
    .flatMap(({ checks }) => checks)
    .find((check) => check.kind === 'forecast-not-worse-than');
  if (gate === undefined) throw new Error('the pipeline has no gate');
  return verdictOf(gate, published, summary);
}
