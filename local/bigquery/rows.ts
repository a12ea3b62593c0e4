// Result rows as the API spells them: `{ f: [{ v }] }`, every value a text.
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';

export interface Cell {
  readonly v: unknown;
}

export interface Row {
  readonly f: readonly Cell[];
}

/** `int64Timestamps` is the client's `formatOptions.useInt64Timestamp`: microseconds instead of seconds. */
export const rowOf = (values: readonly DuckDBValue[], int64Timestamps: boolean): Row => ({
  f: values.map((value) => ({ v: cellOf(value, int64Timestamps) })),
});

// The bound of a page, even where more rows are requested.
const LARGEST_PAGE_BYTES = 10 * 1024 * 1024;

/** As many of the rows as one answer holds, and one at the least. */
export function fitting(rows: readonly Row[]): readonly Row[] {
  let bytes = 0;
  const end = rows.findIndex((row, index) => {
    bytes += bytesOf(row);
    return bytes > LARGEST_PAGE_BYTES && index > 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

/** About as many as its JSON has. */
const bytesOf = ({ f }: Row): number =>
  f.reduce(
    (sum, { v }) => sum + 8 + (typeof v === 'string' ? v.length : (JSON.stringify(v) ?? '').length),
    0,
  );

function cellOf(value: DuckDBValue, int64Timestamps: boolean): unknown {
  if (value === null) return null;
  if (typeof value === 'number') return floatText(value);
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampTZValue)
    return int64Timestamps ? String(value.micros) : floatText(Number(value.micros) / 1e6);
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
  if (value instanceof DuckDBDecimalValue) return decimalText(value.toString());
  if (value instanceof DuckDBListValue)
    return value.items.map((item) => ({ v: cellOf(item, int64Timestamps) }));
  if (value instanceof DuckDBStructValue) return rowOf(Object.values(value.entries), int64Timestamps);
  return String(value);
}

/** A FLOAT64 as the API writes it: `1.5`, `2.0`, `1.0E20`, `NaN`, `-Infinity`. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

const decimalText = (value: string) => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);
