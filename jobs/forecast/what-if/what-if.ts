// A requested run of the job: the forecast of the published input with other openings, beside the published one.
import { counted } from '../../../shared/counted.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { writeManifest } from '../../../shared/attempts/manifest.ts';
import { streamOf, writeFiles } from '../../../shared/attempts/write-files.ts';
import type { OutputManifest } from '../../../shared/outputs/manifest.ts';
import type { Parameters } from '../../../shared/pipelines/requests.ts';
import { step } from '../../../shared/tracing/spans.ts';
import type { WhatIfResult } from '../../../models/forecast/what-if.ts';
import { intervalsOf } from '../backtest/evidence.ts';
import type { Forecast } from '../engine/engine.ts';
import type { Attempt, ForecastPorts } from '../attempt.ts';
import type { FolderReading } from '../workbook/read.ts';
import { filterOutliers } from '../series/outlier-filter.ts';
import { yearStart } from '../series/today.ts';
import { askedOf, type Asked } from './asked.ts';
import { checkedParameters, ParameterProblems } from './parameters.ts';
import { resultAsCsv, resultOf } from './result.ts';

export type ReadPanel = Extract<FolderReading, { kind: 'panel' }>;

export async function whatIf(
  ports: ForecastPorts,
  attempt: Attempt,
  reading: ReadPanel,
  requested: Parameters,
): Promise<OutputManifest> {
  const { results, clock, log } = ports;
  const problems = new ParameterProblems();
  const parameters = checkedParameters(requested, problems);
  const data = { ...reading, mostDays: attempt.horizonDays };
  const asked = parameters && askedOf(parameters, data, problems);
  const { pipeline, run } = attempt;
  const base = () => ({ pipeline, run, attempt: attempt.attempt, writtenAt: clock().toISOString() });
  if (asked === undefined) {
    const { reason, kept, count } = problems;
    // The fields alone: what the requester sent is in no log.
    log.warn({ problemCount: count, fields: kept.map(({ column }) => column) }, 'refused the parameters');
    return writeManifest(results, {
      kind: 'refusal',
      ...base(),
      reason,
      problems: kept,
      problemCount: count,
    });
  }
  const result = await resultFor(ports, attempt, reading, asked);
  const { rows, ...summary } = result;
  const files = await writeFiles(results, attempt, [
    { name: 'forecast.json', type: 'application/json', content: () => streamOf(toJson(result)) },
    { name: 'forecast.csv', type: 'text/csv', rows: rows.length, content: () => resultAsCsv(result) },
  ]);
  log.info({ rows: rows.length, sites: summary.sites }, `wrote ${counted(rows.length, 'row')}`);
  return writeManifest(results, { kind: 'output', ...base(), files, rows: rows.length, summary });
}

/** The whole year is forecast as for the publication, so that every week of it is one that was kept. */
async function resultFor(
  { engine, log }: ForecastPorts,
  { horizonDays, country }: Attempt,
  { panel }: ReadPanel,
  asked: Asked,
): Promise<WhatIfResult> {
  const filtered = filterOutliers(panel).panel;
  const span = { panel: filtered, from: yearStart(panel.lastDay), to: panel.lastDay + horizonDays };
  const progress = (done: number, total: number, what: string) =>
    log.info({ progress: { done, total, what } }, `forecast ${what} ${done} of ${total}`);
  const forecast = await step('forecast', () =>
    engine.forecast({ ...span, progress, instead: asked.openings }),
  );
  const { published, other } = lastOf(forecast);
  const intervals = intervalsOf(span, forecast.walk, country);
  return resultOf({ engine: engine.name, panel: filtered, country, published, other, intervals }, asked);
}

function lastOf({ walk, instead }: Forecast) {
  const published = walk.at(-1);
  if (published === undefined || instead === undefined)
    throw new TypeError('the engine made no forecast with the other openings');
  return { published, other: instead };
}
