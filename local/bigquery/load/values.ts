// What BigQuery accepts in a CSV column of each type: once as SQL for speed, once as code for the error's place.
import { quoted, text } from '../types.ts';

const INTEGER = String.raw`[+-]?\d+`;
const FLOAT = String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`;
const FLOAT_WORDS = ['nan', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity'];
const NUMERIC = String.raw`[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?`;
const DATE = String.raw`\d{4}-\d{1,2}-\d{1,2}`;
const TIMESTAMP = String.raw`\d{4}[-/]\d{1,2}[-/]\d{1,2}([ Tt]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?( ?([Zz]|UTC|[+-]\d{1,2}(:?\d{2})?))?`;
const DATETIME = String.raw`\d{4}-\d{1,2}-\d{1,2}([ Tt]\d{1,2}:\d{2}:\d{2}(\.\d{1,6})?)?`;
const TRUTHS: Readonly<Record<string, boolean>> = {
  true: true,
  t: true,
  yes: true,
  y: true,
  '1': true,
  false: false,
  f: false,
  no: false,
  n: false,
  '0': false,
};

/**
 * SQL that turns the text column `v` into the type, and fails the statement on a text that BigQuery refuses.
 * The common spelling is recognised by writing the value back, which is cheaper than a pattern.
 */
export function readColumn(name: string, type: string, quotedNewlines: boolean): string {
  const v = quoted(name);
  const refuse = `error('bad value')`;
  const checked = (pattern: string, value: string, quick?: string) =>
    `CASE WHEN ${v} IS NULL THEN NULL ${quick ?? ''} WHEN regexp_full_match(${v}, ${text(pattern)}) THEN COALESCE(${value}, ${refuse}) ELSE ${refuse} END`;
  const writtenBack = (duckdb: string) => {
    const value = `TRY_CAST(${v} AS ${duckdb})`;
    return [value, `WHEN CAST(${value} AS VARCHAR) = ${v} THEN ${value}`] as const;
  };
  switch (type) {
    case 'INTEGER':
      return checked(INTEGER, ...writtenBack('BIGINT'));
    case 'DATE':
      // Years have four digits, from 0001 on; `infinity` and years before Christ are DuckDB's own.
      return checked(
        DATE,
        `CASE WHEN ${v} NOT LIKE '0000%' THEN TRY_CAST(${v} AS DATE) END`,
        `WHEN length(${v}) = 10 AND CAST(TRY_CAST(${v} AS DATE) AS VARCHAR) = ${v} THEN TRY_CAST(${v} AS DATE)`,
      );
    case 'FLOAT':
      return checked(
        FLOAT,
        // DuckDB reads 1e400 as infinity; infinity is a word of its own here.
        `CASE WHEN isfinite(TRY_CAST(${v} AS DOUBLE)) THEN TRY_CAST(${v} AS DOUBLE) END`,
        `WHEN lower(${v}) IN (${FLOAT_WORDS.map(text).join(', ')}) THEN TRY_CAST(${v} AS DOUBLE)`,
      );
    case 'NUMERIC':
      // Eighteen digits are ten times as quick to read as thirty-eight; most values have fewer.
      return checked(
        NUMERIC,
        `CASE WHEN regexp_full_match(${v}, '[+-]?\\d{1,9}(\\.\\d{1,9})?') THEN CAST(TRY_CAST(${v} AS DECIMAL(18,9)) AS DECIMAL(38,9)) WHEN regexp_full_match(${v}, '[+-]?\\d{0,29}\\.?\\d{0,9}') THEN TRY_CAST(${v} AS DECIMAL(38,9)) END`,
      );
    case 'TIMESTAMP':
      return checked(TIMESTAMP, `TRY_CAST(replace(${v}, '/', '-') AS TIMESTAMPTZ)`);
    case 'DATETIME':
      return checked(DATETIME, `TRY_CAST(${v} AS TIMESTAMP)`);
    case 'BOOLEAN':
      return `CASE lower(${v}) ${Object.entries(TRUTHS)
        .map(([word, truth]) => `WHEN '${word}' THEN ${truth}`)
        .join(' ')} ELSE CASE WHEN ${v} IS NOT NULL THEN ${refuse} END END`;
    default:
      return quotedNewlines
        ? `CASE WHEN contains(${v}, chr(0)) THEN ${refuse} ELSE ${v} END`
        : `CASE WHEN contains(${v}, chr(10)) OR contains(${v}, chr(13)) OR contains(${v}, chr(0)) THEN ${refuse} ELSE ${v} END`;
  }
}

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);

const ACCEPTS: Readonly<Record<string, (value: string) => boolean>> = {
  STRING: () => true,
  INTEGER: (value) =>
    whole(INTEGER).test(value) &&
    BigInt.asIntN(64, BigInt(value.replace('+', ''))) === BigInt(value.replace('+', '')),
  FLOAT: (value) =>
    FLOAT_WORDS.includes(value.toLowerCase()) || (whole(FLOAT).test(value) && Number.isFinite(Number(value))),
  NUMERIC: (value) => /^[+-]?\d{0,29}\.?\d{0,9}$/.test(value) && whole(NUMERIC).test(value),
  DATE: (value) => whole(DATE).test(value) && isDay(value),
  TIMESTAMP: (value) => whole(TIMESTAMP).test(value) && isDay(value) && isTime(value),
  DATETIME: (value) => whole(DATETIME).test(value) && isDay(value) && isTime(value),
  BOOLEAN: (value) => value.toLowerCase() in TRUTHS,
};

/** Whether BigQuery accepts the text in a column of the type. */
export const accepts = (type: string, value: string): boolean => ACCEPTS[type]!(value);

function isDay(value: string): boolean {
  const [year, month, day] = value
    .slice(0, 10)
    .split(/[-/ Tt]/)
    .map((part) => Number.parseInt(part, 10)) as [number, number, number];
  const made = new Date(Date.UTC(2000, 0, 1));
  made.setUTCFullYear(year, month - 1, day);
  return year > 0 && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}

function isTime(value: string): boolean {
  const found = /[ Tt](\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(value);
  return !found || (Number(found[1]) < 24 && Number(found[2]) < 60 && Number(found[3] ?? 0) < 60);
}

/** The name that BigQuery's messages use for a type. */
export const messageType = (type: string): string =>
  ({ INTEGER: 'INT64', FLOAT: 'DOUBLE', BOOLEAN: 'BOOL' })[type] ?? type;

const FORMATS: Readonly<Record<string, string>> = {
  DATE: ' Required format is YYYY-MM-DD.',
  TIMESTAMP: ' Required format is YYYY-MM-DD HH:MM[:SS[.SSSSSS]] or YYYY/MM/DD HH:MM[:SS[.SSSSSS]]',
};

export function complaint(type: string, value: string): string {
  const kind =
    { DATE: 'a date', TIMESTAMP: 'a timestamp', DATETIME: 'a datetime' }[type] ?? messageType(type);
  return `Could not parse '${value}' as ${kind}.${FORMATS[type] ?? ''}`;
}
