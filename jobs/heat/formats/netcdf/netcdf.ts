// What the readers of both NetCDF formats give: variables with dimensions, small attributes, and values in pieces.

export interface NetCdf extends Disposable {
  readonly names: readonly string[];
  variable(name: string): NetCdfVariable | undefined;
}

export interface NetCdfVariable {
  readonly name: string;
  /** Names of the dimensions, the slowest first; empty for a scalar. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  /** A text or the first number; undefined where there is none. Throws `UnusableFile` for one that is not small. */
  attribute(name: string): string | number | undefined;
  /** Values as they are stored, of positions `from` to before `to` of the first dimension. */
  read(from: number, to: number): ArrayLike<number>;
}

/** Those that are read are a unit, a calendar and single numbers. */
export const MOST_ATTRIBUTE_BYTES = 16_384;

export const valuesOf = (variable: NetCdfVariable): number[] =>
  Array.from(variable.read(0, variable.shape[0] ?? 1));
