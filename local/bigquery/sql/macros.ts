// GoogleSQL's functions where DuckDB's own would answer otherwise, as typed DuckDB macros in the schema `bq`.
// A macro is chosen by the types of its arguments, so that a wrong type is an error, as in BigQuery.

import { CASTS, FROM_TEXT, NUMERIC, type Overload } from './casts.ts';

const NUMBERS = (body: (type: string) => string, types = ['BIGINT', 'HUGEINT', NUMERIC, 'DOUBLE']) =>
  types.map((type): Overload => [`a ${type}, b ${type}`, body(type)]);

// BigQuery's scale of a quotient is not DuckDB's.
const NO_NUMERIC_DIVISION = `error('not supported by the local BigQuery: division of NUMERIC')`;

const COMPARISONS = [
  ['eq', '='],
  ['neq', '<>'],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
] as const;

const COMPARABLE = [
  'BIGINT',
  'HUGEINT',
  NUMERIC,
  'DOUBLE',
  'VARCHAR',
  'BOOLEAN',
  'DATE',
  'TIMESTAMPTZ',
  'TIMESTAMP',
];

const FUNCTIONS: Readonly<Record<string, readonly Overload[]>> = {
  ...Object.fromEntries(COMPARISONS.map(([name, sign]) => [name, NUMBERS(() => `a ${sign} b`, COMPARABLE)])),
  // Beside a text that is written out, a date or a timestamp is meant.
  ...Object.fromEntries(
    COMPARISONS.map(([name, sign]) => [
      `${name}_text`,
      [
        ['a VARCHAR, b VARCHAR', `a ${sign} b`],
        ['a DATE, b VARCHAR', `a ${sign} bq.to_date(b)`],
        ['a VARCHAR, b DATE', `bq.to_date(a) ${sign} b`],
        ['a TIMESTAMPTZ, b VARCHAR', `a ${sign} bq.to_timestamp(b)`],
        ['a VARCHAR, b TIMESTAMPTZ', `bq.to_timestamp(a) ${sign} b`],
      ] satisfies Overload[],
    ]),
  ),
  divide: NUMBERS((type) =>
    type === NUMERIC
      ? NO_NUMERIC_DIVISION
      : `CASE WHEN b = 0 THEN error('division by zero: ' || a || ' / ' || b) ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END`,
  ),
  safe_divide: NUMBERS((type) =>
    type === NUMERIC
      ? NO_NUMERIC_DIVISION
      : `CASE WHEN b = 0 THEN NULL ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END`,
  ),
  add: [...NUMBERS(() => 'a + b'), ['a DATE, b BIGINT', 'a + CAST(b AS INTEGER)']],
  subtract: [...NUMBERS(() => 'a - b'), ['a DATE, b BIGINT', 'a - CAST(b AS INTEGER)']],
  multiply: NUMBERS((type) =>
    type === NUMERIC ? `error('not supported by the local BigQuery: multiplication of NUMERIC')` : 'a * b',
  ),
  negate: [
    ['v BIGINT', '-v'],
    ['v HUGEINT', '-v'],
    [`v ${NUMERIC}`, '-v'],
    ['v DOUBLE', '-v'],
  ],
  mod: [
    [
      'a BIGINT, b BIGINT',
      `CASE WHEN b = 0 THEN error('division by zero: MOD(' || a || ', ' || b || ')') ELSE a % b END`,
    ],
  ],
  div: [
    [
      'a BIGINT, b BIGINT',
      `CASE WHEN b = 0 THEN error('division by zero: DIV(' || a || ', ' || b || ')') ELSE a // b END`,
    ],
  ],
  total: [
    ['v BIGINT', 'CAST(sum(v) AS BIGINT)'],
    ['v HUGEINT', 'CAST(sum(v) AS BIGINT)'],
    [`v ${NUMERIC}`, `CAST(sum(v) AS ${NUMERIC})`],
    ['v DOUBLE', 'sum(v)'],
  ],
  average: [
    ['v BIGINT', 'avg(v)'],
    [`v ${NUMERIC}`, `error('not supported by the local BigQuery: AVG of NUMERIC')`],
    ['v DOUBLE', 'avg(v)'],
  ],
  round: [
    ['v BIGINT', 'CAST(v AS DOUBLE)'],
    ['v DOUBLE', 'round(v)'],
    [`v ${NUMERIC}`, `CAST(round(v, 0) AS ${NUMERIC})`],
    ['v BIGINT, n BIGINT', 'round(CAST(v AS DOUBLE), CAST(n AS INTEGER))'],
    ['v DOUBLE, n BIGINT', 'round(v, CAST(n AS INTEGER))'],
  ],
  floor: [
    ['v BIGINT', 'CAST(v AS DOUBLE)'],
    ['v DOUBLE', 'floor(v)'],
    [`v ${NUMERIC}`, `CAST(floor(v) AS ${NUMERIC})`],
  ],
  ceil: [
    ['v BIGINT', 'CAST(v AS DOUBLE)'],
    ['v DOUBLE', 'ceil(v)'],
    [`v ${NUMERIC}`, `CAST(ceil(v) AS ${NUMERIC})`],
  ],
  abs: [
    ['v BIGINT', 'abs(v)'],
    ['v DOUBLE', 'abs(v)'],
    [`v ${NUMERIC}`, 'abs(v)'],
    ['v HUGEINT', 'abs(v)'],
  ],
  is_nan: [['v DOUBLE', 'isnan(v)']],
  is_inf: [['v DOUBLE', 'isinf(v)']],
  length: [['v VARCHAR', 'length(v)']],
  lower: [['v VARCHAR', 'lower(v)']],
  upper: [['v VARCHAR', 'upper(v)']],
  // DuckDB's trim takes spaces only; BigQuery's every white space of Unicode.
  trim: [['v VARCHAR', String.raw`regexp_replace(v, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g')`]],
  starts_with: [['v VARCHAR, part VARCHAR', 'starts_with(v, part)']],
  ends_with: [['v VARCHAR, part VARCHAR', 'suffix(v, part)']],
  replace: [['v VARCHAR, a VARCHAR, b VARCHAR', 'replace(v, a, b)']],
  contains_match: [['v VARCHAR, pattern VARCHAR', 'regexp_matches(v, pattern)']],
  substr: [
    ['v VARCHAR, p BIGINT', 'substring(v, CASE WHEN p = 0 OR p < -length(v) THEN 1 ELSE p END)'],
    [
      'v VARCHAR, p BIGINT, n BIGINT',
      `CASE WHEN n < 0 THEN error('Third argument in SUBSTR() cannot be negative') ELSE substring(v, CASE WHEN p = 0 OR p < -length(v) THEN 1 ELSE p END, n) END`,
    ],
  ],
  concat: [['a VARCHAR, b VARCHAR', 'a || b']],
  as_date: [['v DATE', 'v']],
  as_timestamp: [['v TIMESTAMPTZ', 'v']],
  as_int64: [['v BIGINT', 'v']],
};

// DuckDB chooses an overload before it knows the type of an aggregate. Over an aggregate these are used,
// which check the type when they run.
const OVER_AGGREGATES: Readonly<Record<string, readonly Overload[]>> = {
  ...Object.fromEntries(
    COMPARISONS.map(([name, sign]) => [name, [['a, b', `a ${sign} b`] satisfies Overload]]),
  ),
  divide: [
    [
      'a, b',
      `CASE WHEN typeof(a) LIKE 'DECIMAL%' THEN error('not supported by the local BigQuery: division of NUMERIC') WHEN b = 0 THEN error('division by zero: ' || a || ' / ' || b) ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END`,
    ],
  ],
  safe_divide: [
    [
      'a, b',
      `CASE WHEN typeof(a) LIKE 'DECIMAL%' THEN error('not supported by the local BigQuery: division of NUMERIC') WHEN b = 0 THEN NULL ELSE CAST(a AS DOUBLE) / CAST(b AS DOUBLE) END`,
    ],
  ],
  add: [['a, b', 'a + b']],
  subtract: [['a, b', 'a - b']],
  multiply: [['a, b', 'a * b']],
  negate: [['v', '-v']],
  abs: [['v', 'abs(v)']],
  round: [
    ['v', 'round(CAST(v AS DOUBLE))'],
    ['v, n', 'round(CAST(v AS DOUBLE), CAST(n AS INTEGER))'],
  ],
  floor: [['v', 'floor(CAST(v AS DOUBLE))']],
  ceil: [['v', 'ceil(CAST(v AS DOUBLE))']],
  to_string: [
    [
      'v',
      String.raw`CASE WHEN typeof(v) = 'DOUBLE' THEN regexp_replace(CAST(v AS VARCHAR), '\.0$', '') WHEN typeof(v) LIKE 'DECIMAL%' THEN rtrim(rtrim(CAST(v AS VARCHAR), '0'), '.') ELSE CAST(v AS VARCHAR) END`,
    ],
  ],
  to_int64: [
    [
      'v',
      `CASE WHEN typeof(v) = 'DOUBLE' THEN CAST(round(TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE)) AS BIGINT) ELSE bq.to_int64(CAST(v AS VARCHAR)) END`,
    ],
  ],
  to_float64: [['v', 'bq.to_float64(CAST(v AS VARCHAR))']],
  to_date: [
    [
      'v',
      `bq.to_date(CASE WHEN typeof(v) = 'VARCHAR' THEN CAST(v AS VARCHAR) ELSE left(CAST(v AS VARCHAR), 10) END)`,
    ],
  ],
};

/** Whether a macro has a form that may be called over an aggregate. */
export const overAggregates = (name: string): boolean => name in OVER_AGGREGATES;

/** The macros that have one overload per number of arguments: those need no types to be chosen. */
export const needsTypes = (name: string): boolean => {
  const arities = (FUNCTIONS[name] ?? CASTS[name.replace(/^(to|try)_/, '')] ?? []).map(
    ([parameters]) => parameters.split(', ').length,
  );
  return new Set(arities).size !== arities.length || name.startsWith('to_') || name.startsWith('try_');
};

/** The statements that define every macro. They say `OR REPLACE`: a file made by an older version is mended. */
export function macroStatements(): string[] {
  const statements = ['CREATE SCHEMA IF NOT EXISTS bq'];
  for (const [name, overloads] of Object.entries(CASTS)) {
    const [attempt, complaint] = FROM_TEXT[name] ?? [];
    if (attempt === undefined) {
      statements.push(macro(`to_${name}`, overloads), macro(`try_${name}`, overloads));
      continue;
    }
    const strict = `CASE WHEN v IS NOT NULL THEN COALESCE(${attempt}, error('${complaint}' || v)) END`;
    statements.push(macro(`to_${name}`, [...overloads, ['v VARCHAR', strict]]));
    statements.push(
      macro(`try_${name}`, [
        ...overloads.filter(([, body]) => !body.includes('error(')),
        ['v VARCHAR', attempt],
      ]),
    );
  }
  for (const [name, overloads] of Object.entries(FUNCTIONS)) statements.push(macro(name, overloads));
  for (const [name, overloads] of Object.entries(OVER_AGGREGATES))
    statements.push(macro(`${name}_any`, overloads));
  return statements;
}

const macro = (name: string, overloads: readonly Overload[]) =>
  `CREATE OR REPLACE MACRO bq.${name}${overloads.map(([parameters, body]) => `(${parameters}) AS ${body}`).join(', ')}`;
