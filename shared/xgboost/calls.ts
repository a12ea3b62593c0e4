// The calls of XGBoost's C interface that the engine makes, as typed functions; 1.7 and 3.0 answer them alike.
import type { LibraryHandle } from 'koffi';

/** A pointer that only the library may dereference. */
export type Handle = bigint;

/** Where a call puts a result: an array of one place, filled by the call. */
export type Place<T> = [T | null];

/** Every function answers 0 when it succeeded and -1 when it failed, unless noted otherwise. */
export interface Calls {
  /** Fills the three parts of the library's version. Answers nothing and cannot fail. */
  XGBoostVersion(major: Place<number>, minor: Place<number>, patch: Place<number>): void;
  /** The text of this thread's last failure. Threads do not see each other's. */
  XGBGetLastError(): string;
  /**
   * Makes a matrix of a dense block described by an array interface (JSON that names address, shape and
   * element type), so the block itself is never copied on the way in; the library then builds its own
   * compressed rows from it, and no longer needs the block after the call.
   * `config` is JSON: `missing` (the number that stands for "not known") and `nthread`.
   */
  XGDMatrixCreateFromDense(arrayInterface: string, config: string, out: Place<Handle>): number;
  /** Sets a column of numbers that belongs to the rows: `label`, `weight` or `base_margin`; `length` rows. */
  XGDMatrixSetFloatInfo(matrix: Handle, field: string, values: Float32Array, length: number): number;
  /** Sets one text per column: `feature_type` (`q` quantity, `c` category, `int`, `i`) or `feature_name`. */
  XGDMatrixSetStrFeatureInfo(matrix: Handle, field: string, texts: readonly string[], length: number): number;
  /** Gives the matrix back. The handle is dead afterwards. */
  XGDMatrixFree(matrix: Handle): number;
  /** Makes a booster that knows the shape of the given matrices. */
  XGBoosterCreate(matrices: readonly Handle[], length: number, out: Place<Handle>): number;
  /** Sets one parameter, as text. An unknown name is only noticed at the first iteration, if at all. */
  XGBoosterSetParam(booster: Handle, name: string, value: string): number;
  /** Adds one tree: `iteration` counts from 0 and seeds the sampling of rows and columns. */
  XGBoosterUpdateOneIter(booster: Handle, iteration: number, train: Handle): number;
  /**
   * Predicts every row. `config` is JSON: `type` 0 (values) or 1 (margins), `iteration_begin`, `iteration_end` (0, 0: all
   * trees), `training`, `strict_shape`. The result belongs to the booster, and lives until its next call.
   */
  XGBoosterPredictFromDMatrix(
    booster: Handle,
    matrix: Handle,
    config: string,
    shape: Place<Handle>,
    dimensions: Place<number>,
    result: Place<Handle>,
  ): number;
  /** Writes the model, as `config` says (`{"format":"ubj"}`), into memory that the booster owns. */
  XGBoosterSaveModelToBuffer(
    booster: Handle,
    config: string,
    length: Place<number>,
    out: Place<Handle>,
  ): number;
  /** Replaces the booster's trees by a saved model, whose format is recognised. */
  XGBoosterLoadModelFromBuffer(booster: Handle, model: Uint8Array, length: number): number;
  /** Gives the booster back. The handle is dead afterwards. */
  XGBoosterFree(booster: Handle): number;
}

/** A call that answers 0 or -1, and its name for the error. */
export type Checked = (call: keyof Calls, answer: number) => void;

const PROTOTYPES: Record<keyof Calls, string> = {
  XGBoostVersion: 'void XGBoostVersion(_Out_ int *major, _Out_ int *minor, _Out_ int *patch)',
  XGBGetLastError: 'str XGBGetLastError()',
  XGDMatrixCreateFromDense: 'int XGDMatrixCreateFromDense(str data, str config, _Out_ void **out)',
  XGDMatrixSetFloatInfo:
    'int XGDMatrixSetFloatInfo(void *m, str field, const float *values, uint64_t length)',
  XGDMatrixSetStrFeatureInfo:
    'int XGDMatrixSetStrFeatureInfo(void *m, str field, const str *texts, uint64_t length)',
  XGDMatrixFree: 'int XGDMatrixFree(void *m)',
  XGBoosterCreate: 'int XGBoosterCreate(void **matrices, uint64_t length, _Out_ void **out)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void *b, str name, str value)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void *b, int iteration, void *train)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void *b, void *m, str config, _Out_ void **shape, _Out_ uint64_t *dimensions, _Out_ void **result)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void *b, str config, _Out_ uint64_t *length, _Out_ void **out)',
  XGBoosterLoadModelFromBuffer:
    'int XGBoosterLoadModelFromBuffer(void *b, const uint8_t *model, uint64_t length)',
  XGBoosterFree: 'int XGBoosterFree(void *b)',
};

/** Finds every call in a loaded library; throws koffi's own error for one that is not there. */
export function bindCalls(library: LibraryHandle): Calls {
  const bound: Partial<Record<keyof Calls, unknown>> = {};
  for (const name of Object.keys(PROTOTYPES) as (keyof Calls)[]) bound[name] = library.func(PROTOTYPES[name]);
  return bound as Calls;
}
