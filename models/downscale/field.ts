// The shapes of what the downscaling works on: fields of one size, one for each time, and their missing cells.

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** One field for each time. `jobs/heat` makes it from a series of a file. */
export interface Fields extends Size {
  /** Milliseconds since 1970-01-01T00:00Z, ascending, each once. */
  readonly hours: readonly number[];
  /** Time by time, and in each row by row; NaN where there is no value. */
  readonly values: Float32Array;
}

export const cellsOf = ({ rows, columns }: Size): number => rows * columns;

/** The fields of times `from` to `to - 1`; they share the memory. */
export function between(fields: Fields, from: number, to: number): Fields {
  const cells = cellsOf(fields);
  return {
    ...fields,
    hours: fields.hours.slice(from, to),
    values: fields.values.subarray(from * cells, to * cells),
  };
}

/** 1 for each cell that has a value at every time. A sea cell of a land model has none at any. */
export function presentCells(fields: Fields): Uint8Array {
  const cells = cellsOf(fields);
  const present = new Uint8Array(cells).fill(1);
  for (let at = 0; at < fields.values.length; at++)
    if (Number.isNaN(fields.values[at])) present[at % cells] = 0;
  return present;
}
