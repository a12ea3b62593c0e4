// The view that a dashboard shows beside the rows: how fresh they are, their source, and the next poll.
import type { TableRef } from '../pipelines/outputs.ts';
import { mainTableOf } from '../pipelines/outputs.ts';
import type { Pipeline, WatchPipeline } from '../pipelines/pipeline.ts';
import { readCron, type CronTimes } from '../pipelines/cron.ts';
import { LEDGER } from './ledger.ts';

/** Undefined for a pipeline that fills no table. */
export function freshnessView(pipeline: Pipeline): TableRef | undefined {
  const main = mainTableOf(pipeline)?.table;
  return main && { dataset: main.dataset, table: `${main.table}_freshness` };
}

// The longest wait between two days of a schedule that is bound to days of the month: 29 February.
const DAYS_OF_EIGHT_YEARS = 2922;
const DAYS_OF_A_WEEK = 7;

/**
 * The newest publication, and the time of the next poll, from which new rows are possible. The schedule is computed when
 * the view is read: a stored time would be in the past as soon as a poll finds no change.
 */
export function freshnessQuery(project: string, pipeline: WatchPipeline): string {
  const { dataset, table } = LEDGER;
  return (
    'SELECT data_as_of, published_at, run, kind, row_count, source_files, gate, gate_detail, ' +
    `${nextFiring(readCron(pipeline.trigger.schedule))} AS next_expected_at ` +
    `FROM \`${project}.${dataset}.${table}\` ` +
    `WHERE pipeline = '${pipeline.name}' ORDER BY ordinal DESC LIMIT 1`
  );
}

/** The first minute of the schedule after now, as a scalar subquery: days, hours and minutes multiplied. */
function nextFiring({ minutes, hours, days, months, weekdays, either }: CronTimes): string {
  const ahead = days === undefined && months === undefined ? DAYS_OF_A_WEEK : DAYS_OF_EIGHT_YEARS;
  const among = (part: string, values: readonly number[] | undefined) =>
    values === undefined ? [] : [`EXTRACT(${part} FROM day) IN (${values.join(', ')})`];
  // BigQuery counts the days of a week from 1, a cron from 0; both begin on Sunday.
  const byWeek = weekdays?.map((weekday) => weekday + 1);
  const ofMonth = [...among('DAY', days), ...among('DAYOFWEEK', byWeek)];
  const conditions = [
    ...among('MONTH', months),
    ...(either ? [`(${ofMonth.join(' OR ')})`] : ofMonth),
    'fires_at > CURRENT_TIMESTAMP()',
  ];
  return (
    '(SELECT MIN(fires_at) FROM (SELECT day, ' +
    'TIMESTAMP_ADD(TIMESTAMP_ADD(TIMESTAMP(day), INTERVAL hour HOUR), INTERVAL minute MINUTE) AS fires_at ' +
    `FROM UNNEST(GENERATE_DATE_ARRAY(CURRENT_DATE(), DATE_ADD(CURRENT_DATE(), INTERVAL ${ahead} DAY))) AS day ` +
    `CROSS JOIN UNNEST([${hours.join(', ')}]) AS hour CROSS JOIN UNNEST([${minutes.join(', ')}]) AS minute) AS firing ` +
    `WHERE ${conditions.join(' AND ')})`
  );
}
