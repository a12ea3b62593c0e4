// What the counters counted, hour by hour: the form in which the reader hands it to training.

/** A place and a direction, named as the export names it. */
export interface Counter {
  readonly name: string;
  /** Degrees, WGS 84; undefined where no row of the counter has coordinates. */
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
}

/** Hours since 1970-01-01T00:00Z. An hour is named by its start. */
export type Hour = number;

/** Parallel columns, one entry for each counter and hour, ordered by counter and then by hour; no pair occurs twice. */
export interface Observations {
  /** Ordered by name. */
  readonly counters: readonly Counter[];
  /** Index into `counters`. */
  readonly counter: Uint16Array;
  readonly hour: Int32Array;
  /** Bicycles in the hour, a whole number from 0. */
  readonly count: Float32Array;
}
