// BigQuery's column types, and the DuckDB types that hold them without loss.
import { type DuckDBType, DuckDBTypeId, DuckDBListType, DuckDBStructType } from '@duckdb/node-api';
import { ApiError, invalid } from '../http/errors.ts';

/** A column as the API spells it: `type` is the legacy name (`INTEGER`, `FLOAT`), `mode` absent means NULLABLE. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly fields?: readonly Field[];
  readonly description?: string;
}

const CANONICAL: Readonly<Record<string, string>> = {
  STRING: 'STRING',
  INTEGER: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT: 'FLOAT',
  FLOAT64: 'FLOAT',
  NUMERIC: 'NUMERIC',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
  DATETIME: 'DATETIME',
};

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  NUMERIC: 'DECIMAL(38,9)',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATETIME: 'TIMESTAMP',
};

const BIGQUERY_TYPES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.VARCHAR]: 'STRING',
  [DuckDBTypeId.BIGINT]: 'INTEGER',
  [DuckDBTypeId.INTEGER]: 'INTEGER',
  [DuckDBTypeId.HUGEINT]: 'INTEGER',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.DECIMAL]: 'NUMERIC',
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.SQLNULL]: 'INTEGER',
};

/** The legacy name of a type in either spelling. Throws 400 for a type outside the list. */
export function canonicalType(type: string): string {
  const known = CANONICAL[type.toUpperCase()];
  if (known === undefined)
    throw new ApiError(400, 'invalid', `not supported by the local BigQuery: the type ${type}`);
  return known;
}

export const duckdbType = (type: string): string => DUCKDB_TYPES[canonicalType(type)]!;

/** Reads the fields of a table's schema from a request body; nested and repeated columns are refused. */
export function readFields(fields: readonly Field[]): Field[] {
  const observed = new Set<string>();
  return fields.map((field) => {
    if (!/^[\p{L}\p{N}_ -]{1,300}$/u.test(field.name)) throw invalid(`Invalid field name "${field.name}".`);
    if (observed.has(field.name.toLowerCase())) throw invalid(`Field ${field.name} already exists in schema`);
    observed.add(field.name.toLowerCase());
    const mode = (field.mode ?? 'NULLABLE').toUpperCase();
    if (mode !== 'NULLABLE' && mode !== 'REQUIRED')
      throw new ApiError(400, 'invalid', `not supported by the local BigQuery: the mode ${mode}`);
    return {
      name: field.name,
      type: canonicalType(field.type),
      mode,
      ...(field.description === undefined ? {} : { description: field.description }),
    };
  });
}

/** The column that BigQuery would report for a result column of a DuckDB type. */
export function fieldOf(name: string, type: DuckDBType, mode: Field['mode'] = 'NULLABLE'): Field {
  if (type instanceof DuckDBListType) return fieldOf(name, type.valueType, 'REPEATED');
  if (type instanceof DuckDBStructType)
    return {
      name,
      type: 'RECORD',
      mode,
      fields: type.entryNames.map((entry, index) => fieldOf(entry, type.entryTypes[index]!)),
    };
  const bigqueryType = BIGQUERY_TYPES[type.typeId];
  if (bigqueryType === undefined)
    throw new ApiError(400, 'invalidQuery', `not supported by the local BigQuery: a result of type ${type}`);
  return { name, type: bigqueryType, mode };
}

/** The DuckDB type in which a result column is kept: the sums of INT64, for one, are narrowed, or fail. */
export function keptType(field: Field): string {
  const one =
    field.type === 'RECORD'
      ? `STRUCT(${field.fields!.map((part) => `${quoted(part.name)} ${keptType(part)}`).join(', ')})`
      : duckdbType(field.type);
  return field.mode === 'REPEATED' ? `${one}[]` : one;
}

export const sameFields = (one: readonly Field[], other: readonly Field[]): boolean =>
  one.length === other.length &&
  one.every(
    (field, index) =>
      field.name === other[index]!.name &&
      canonicalType(field.type) === canonicalType(other[index]!.type) &&
      (field.mode ?? 'NULLABLE') === (other[index]!.mode ?? 'NULLABLE'),
  );

/** An identifier as DuckDB quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as DuckDB quotes it. */
export const text = (value: string): string => {
  if (value.includes('\0')) throw invalid('Bad character (ASCII 0) encountered');
  return `'${value.replaceAll("'", "''")}'`;
};
