// A pipeline's checks as one SQL statement over the staged rows: one row for each check, with the number of violations.
import type { Check } from '../pipelines/checks.ts';
import type { Column } from '../pipelines/columns.ts';
import type { TableOutput } from '../pipelines/outputs.ts';
import type { Row } from './warehouse.ts';

export interface CheckTables {
  /** Quoted table names. */
  readonly staging: string;
  readonly published: string;
  /**
   * True if these rows were published before. They passed then, compared with the rows of that time; the rows of today
   * may be the ones to be corrected, and are no measure.
   */
  readonly passedBefore?: string;
}

/** Each row: `check_name`, `found` (violations, 0 when it passes), `detail` (an example, or the numbers). */
export function checksQuery(target: TableOutput, tables: CheckTables): string {
  const columns = Object.entries(target.columns);
  return [
    someRows(tables),
    duplicateKeys(target.key, tables),
    ...columns.filter(([, column]) => column.required).map(([name]) => nulls(name, tables)),
    ...columns.filter(([, column]) => column.type === 'FLOAT').map(([name]) => infinite(name, tables)),
    ...columns.filter(([, column]) => column.min !== undefined).map((entry) => belowMinimum(entry, tables)),
    ...target.checks.flatMap((check) => declared(check, tables)),
  ].join('\nUNION ALL\n');
}

/** One message for the checks that failed, or undefined when all passed. */
export function failedChecks(rows: readonly Row[]): string | undefined {
  const failed = rows.filter((row) => Number(row.found) > 0);
  if (failed.length === 0) return undefined;
  return failed.map((row) => `${row.check_name}: ${row.detail ?? `${row.found} found`}`).join('; ');
}

const someRows = ({ staging }: CheckTables): string =>
  `SELECT 'rows' AS check_name, IF(COUNT(*) = 0, 1, 0) AS found, ` +
  `'the output holds no rows; expected at least one' AS detail FROM ${staging}`;

function duplicateKeys(key: readonly string[], { staging }: CheckTables): string {
  const example = key.map((column) => `CAST(${column} AS STRING)`).join(`, ' ', `);
  return (
    `SELECT 'duplicate key', COUNT(*), CONCAT(CAST(COUNT(*) AS STRING), ` +
    `' keys (${key.join(', ')}) occur more than once, such as ', MIN(example), '; expected each once') ` +
    `FROM (SELECT CONCAT(${example}) AS example FROM ${staging} GROUP BY ${key.join(', ')} HAVING COUNT(*) > 1) AS repeated`
  );
}

/** `1 row has`, `7 rows have`: the first two parts of a text. */
const rowsHave = `CAST(COUNT(*) AS STRING), IF(COUNT(*) = 1, ' row has', ' rows have')`;

const nulls = (column: string, { staging }: CheckTables): string =>
  `SELECT 'null in ${column}', COUNT(*), CONCAT(${rowsHave}, ' no ${column}; expected none') ` +
  `FROM ${staging} WHERE ${column} IS NULL`;

/** BigQuery accepts NaN and infinities as numbers, but a sum over them is useless to readers. */
const infinite = (column: string, { staging }: CheckTables): string =>
  `SELECT 'number in ${column}', COUNT(*), CONCAT(${rowsHave}, ' NaN or an infinity in ` +
  `${column}; expected numbers') FROM ${staging} WHERE IS_NAN(${column}) OR IS_INF(${column})`;

const belowMinimum = ([name, column]: [string, Column], { staging }: CheckTables): string =>
  `SELECT 'range of ${name}', COUNT(*), CONCAT('${name} goes down to ', CAST(MIN(${name}) AS STRING), ` +
  `'; expected at least ${column.min}') FROM ${staging} WHERE ${name} < ${column.min}`;

/** The gate is not a check of rows: see `warehouse/gate.ts`. */
function declared(check: Check, tables: CheckTables): readonly string[] {
  switch (check.kind) {
    case 'row-count-within':
      return [rowCount(check, tables)];
    case 'no-gap-in-dates':
      return [gaps(check, tables)];
    case 'forecast-not-worse-than':
      return [];
    case 'dates-start-in-january':
      return [
        `SELECT 'first date', COUNT(*), CONCAT('the dates start at ', MIN(first_date), '; expected a 1 January') ` +
          `FROM (SELECT CAST(MIN(${check.date}) AS STRING) AS first_date FROM ${tables.staging}) AS first ` +
          `WHERE NOT ENDS_WITH(first_date, '-01-01')`,
      ];
  }
}

// Only the dates from the later of the two first days to the published last day are compared: see
// `rowCountWithin`. Nothing published yet, or no date shared, leaves nothing to compare with.
function rowCount(check: Extract<Check, { kind: 'row-count-within' }>, tables: CheckTables): string {
  const { staging, published, passedBefore } = tables;
  const measured = passedBefore === undefined ? '' : `NOT ${passedBefore} AND `;
  const bounds =
    `(SELECT GREATEST(s.first_date, p.first_date) AS low, p.last_date AS high FROM ` +
    `(SELECT MIN(${check.date}) AS first_date FROM ${staging}) AS s CROSS JOIN ` +
    `(SELECT MIN(${check.date}) AS first_date, MAX(${check.date}) AS last_date FROM ${published}) AS p)`;
  const counted = (table: string) =>
    `(SELECT COUNT(*) AS n FROM ${table} CROSS JOIN ${bounds} AS b WHERE ${check.date} BETWEEN b.low AND b.high)`;
  return (
    `SELECT 'row count', IF(${measured}p.n > 0 AND (s.n < ${check.low} * p.n OR s.n > ${check.high} * p.n), 1, 0), ` +
    `CONCAT(CAST(s.n AS STRING), IF(s.n = 1, ' row, and ', ' rows, and '), CAST(p.n AS STRING), ' published ones over the same dates; ` +
    `expected ${check.low} to ${check.high} times as many') FROM ${counted(staging)} AS s CROSS JOIN ${counted(published)} AS p`
  );
}

function gaps(check: Extract<Check, { kind: 'no-gap-in-dates' }>, { staging }: CheckTables): string {
  const per = check.per.join(', ');
  const example = check.per.map((column) => `CAST(${column} AS STRING)`).join(`, ' ', `);
  return (
    `SELECT 'gap in dates', COUNT(*), CONCAT(CAST(COUNT(*) AS STRING), ' of (${per}) miss dates, such as ', ` +
    `MIN(example), '; expected every day from first to last') FROM (SELECT CONCAT(${example}, '') AS example ` +
    `FROM ${staging} GROUP BY ${per} ` +
    `HAVING DATE_DIFF(MAX(${check.date}), MIN(${check.date}), DAY) + 1 > COUNT(DISTINCT ${check.date})) AS gapped`
  );
}
