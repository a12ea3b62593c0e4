// The types of everything that lies on a grid: where the cells are, one layer of values, and one layer per hour.

/**
 * From columns and rows to coordinates of the CRS, in the order of rasterio: x = a·column + b·row + c and
 * y = d·column + e·row + f. Whole numbers are corners of cells; the centre of the first cell is (0.5, 0.5).
 */
export type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface Grid {
  /** `EPSG:` and a number. */
  readonly crs: string;
  readonly columns: number;
  readonly rows: number;
  readonly transform: Transform;
}

/** `K`, `°C`, `m`, `m/s`, … as the file names it; `1` is a number without a unit. */
export type Units = string;

export interface Raster {
  readonly grid: Grid;
  /** Row by row from the first row of the grid; NaN where there is no value. */
  readonly values: Float32Array;
  readonly units: Units;
  readonly name: string;
}

export interface Series {
  readonly grid: Grid;
  /** Milliseconds since 1970-01-01T00:00Z, ascending, each once. */
  readonly hours: readonly number[];
  /** Hour by hour, and in each hour row by row; NaN where there is no value. */
  readonly values: Float32Array;
  readonly units: Units;
  readonly name: string;
}

export const cellCount = ({ columns, rows }: Grid): number => columns * rows;

/** Coordinates of a place of the grid; (0.5, 0.5) is the centre of the first cell. */
export const placeOf = (
  { transform: [a, b, c, d, e, f] }: Grid,
  column: number,
  row: number,
): readonly [x: number, y: number] => [a * column + b * row + c, d * column + e * row + f];

/** The layer of one hour. It shares the memory of the series. */
export function hourOf(series: Series, index: number): Raster {
  const { grid, units, name } = series;
  if (!(index in series.hours))
    throw new RangeError(
      `the series "${name}" has no hour ${index}; expected 0 to ${series.hours.length - 1}`,
    );
  const cells = cellCount(grid);
  return { grid, units, name, values: series.values.subarray(index * cells, (index + 1) * cells) };
}
