// How GoogleSQL casts, by the type that is cast: as bodies of DuckDB macros.

/** A macro's parameters, with their types, and its body. */
export type Overload = readonly [parameters: string, body: string];

export const NUMERIC = 'DECIMAL(38,9)';
const DATE_TEXT = String.raw`'\d{4}-\d{1,2}-\d{1,2}'`;
const NUMBER_TEXT = String.raw`'[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?'`;
const TIMESTAMP_TEXT = String.raw`'\d{4}-\d{1,2}-\d{1,2}([ Tt]\d{1,2}:\d{1,2}:\d{1,2}(\.\d{1,6})?)?( ?([Zz]|UTC|[+-]\d{1,2}(:\d{2})?))?'`;

/** How to cast a text, and BigQuery's error when it cannot be cast. */
export const FROM_TEXT: Readonly<Record<string, readonly [try_: string, complaint: string]>> = {
  int64: [
    String.raw`CASE WHEN regexp_full_match(v, '[+-]?\d+') THEN TRY_CAST(v AS BIGINT) END`,
    'Bad int64 value: ',
  ],
  float64: [
    `CASE WHEN regexp_full_match(v, ${NUMBER_TEXT}) OR lower(v) IN ('nan', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity') THEN TRY_CAST(v AS DOUBLE) END`,
    'Bad double value: ',
  ],
  numeric: [
    `CASE WHEN regexp_full_match(v, ${NUMBER_TEXT}) THEN TRY_CAST(v AS ${NUMERIC}) END`,
    'Invalid NUMERIC value: ',
  ],
  bool: [`CASE lower(v) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END`, 'Bad bool value: '],
  date: [`CASE WHEN regexp_full_match(v, ${DATE_TEXT}) THEN TRY_CAST(v AS DATE) END`, 'Invalid date: '],
  timestamp: [
    `CASE WHEN regexp_full_match(v, ${TIMESTAMP_TEXT}) THEN TRY_CAST(v AS TIMESTAMPTZ) END`,
    'Invalid timestamp: ',
  ],
};

/** How to cast from the other types. */
export const CASTS: Readonly<Record<string, readonly Overload[]>> = {
  int64: [
    ['v BIGINT', 'v'],
    ['v HUGEINT', 'CAST(v AS BIGINT)'],
    ['v BOOLEAN', 'CAST(v AS BIGINT)'],
    [`v ${NUMERIC}`, 'CAST(round(v, 0) AS BIGINT)'],
    // DuckDB rounds halves to even; BigQuery away from zero.
    [
      'v DOUBLE',
      `CASE WHEN isnan(v) OR isinf(v) THEN error('Illegal conversion of non-finite floating point number to an integer: ' || v) ELSE CAST(round(v) AS BIGINT) END`,
    ],
  ],
  float64: [
    ['v BIGINT', 'CAST(v AS DOUBLE)'],
    ['v HUGEINT', 'CAST(v AS DOUBLE)'],
    ['v DOUBLE', 'v'],
    [`v ${NUMERIC}`, 'CAST(v AS DOUBLE)'],
  ],
  numeric: [
    ['v BIGINT', `CAST(v AS ${NUMERIC})`],
    ['v HUGEINT', `CAST(v AS ${NUMERIC})`],
    ['v DOUBLE', `CAST(v AS ${NUMERIC})`],
    [`v ${NUMERIC}`, 'v'],
  ],
  bool: [
    ['v BOOLEAN', 'v'],
    ['v BIGINT', 'v <> 0'],
  ],
  date: [
    ['v DATE', 'v'],
    ['v TIMESTAMPTZ', `CAST(v AT TIME ZONE 'UTC' AS DATE)`],
    ['v TIMESTAMP', 'CAST(v AS DATE)'],
  ],
  timestamp: [
    ['v TIMESTAMPTZ', 'v'],
    ['v DATE', `CAST(v AS TIMESTAMP) AT TIME ZONE 'UTC'`],
    ['v TIMESTAMP', `v AT TIME ZONE 'UTC'`],
  ],
  string: [
    ['v VARCHAR', 'v'],
    ['v BIGINT', 'CAST(v AS VARCHAR)'],
    ['v HUGEINT', 'CAST(v AS VARCHAR)'],
    ['v BOOLEAN', 'CAST(v AS VARCHAR)'],
    ['v DATE', 'CAST(v AS VARCHAR)'],
    ['v TIMESTAMPTZ', 'CAST(v AS VARCHAR)'],
    ['v TIMESTAMP', 'CAST(v AS VARCHAR)'],
    [`v ${NUMERIC}`, `rtrim(rtrim(CAST(v AS VARCHAR), '0'), '.')`],
    [
      'v DOUBLE',
      `CASE WHEN isnan(v) THEN 'NaN' WHEN isinf(v) THEN CAST(v AS VARCHAR) WHEN v = trunc(v) AND abs(v) < 1e15 THEN CAST(CAST(v AS BIGINT) AS VARCHAR) ELSE CAST(v AS VARCHAR) END`,
    ],
  ],
};
