// A growing or finished set of trees: trains one tree at a time, predicts, is saved and loaded.
import koffi from 'koffi';
import type { Calls, Checked, Handle, Place } from './calls.ts';
import type { Matrix } from './matrix.ts';

/** As the C interface numbers what a prediction is: what the objective makes of the sum of leaves, or the sum itself. */
const PREDICTION_TYPES = { value: 0, margin: 1 } as const;
export type Prediction = keyof typeof PREDICTION_TYPES;

const predictionConfig = (kind: Prediction): string =>
  `{"type":${PREDICTION_TYPES[kind]},"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false}`;
const UNIVERSAL_BINARY_JSON = '{"format":"ubj"}';

export class Booster implements Disposable {
  readonly #calls: Calls;
  readonly #check: Checked;
  #handle: Handle | undefined;

  private constructor(calls: Calls, check: Checked, handle: Handle) {
    this.#calls = calls;
    this.#check = check;
    this.#handle = handle;
  }

  /** Throws `XgboostError` when a parameter is refused. */
  static create(
    calls: Calls,
    check: Checked,
    train: Matrix | undefined,
    parameters: Readonly<Record<string, string | number>>,
  ): Booster {
    const out: Place<Handle> = [null];
    const matrices = train === undefined ? [] : [train.handle];
    check('XGBoosterCreate', calls.XGBoosterCreate(matrices, matrices.length, out));
    const booster = new Booster(calls, check, out[0]!);
    try {
      for (const [name, value] of Object.entries(parameters))
        check('XGBoosterSetParam', calls.XGBoosterSetParam(booster.handle, name, String(value)));
    } catch (error) {
      booster[Symbol.dispose]();
      throw error;
    }
    return booster;
  }

  /** The library's pointer; throws when the booster was freed. */
  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('this XGBoost booster was freed');
    return this.#handle;
  }

  /** Adds trees number `from` to `to - 1`. The same matrix, parameters and numbers give the same trees. */
  train(matrix: Matrix, from: number, to: number): void {
    for (let iteration = from; iteration < to; iteration += 1)
      this.#check(
        'XGBoosterUpdateOneIter',
        this.#calls.XGBoosterUpdateOneIter(this.handle, iteration, matrix.handle),
      );
  }

  /** One value per row, copied out of the library's memory. */
  predict(matrix: Matrix, kind: Prediction = 'value'): Float32Array {
    const shape: Place<Handle> = [null];
    const dimensions: Place<number> = [null];
    const result: Place<Handle> = [null];
    this.#check(
      'XGBoosterPredictFromDMatrix',
      this.#calls.XGBoosterPredictFromDMatrix(
        this.handle,
        matrix.handle,
        predictionConfig(kind),
        shape,
        dimensions,
        result,
      ),
    );
    return new Float32Array(copyOf(result[0]!, matrix.rows * Float32Array.BYTES_PER_ELEMENT));
  }

  /** The model in XGBoost's own binary form, which later versions still read. */
  save(): Uint8Array {
    const length: Place<number> = [null];
    const out: Place<Handle> = [null];
    this.#check(
      'XGBoosterSaveModelToBuffer',
      this.#calls.XGBoosterSaveModelToBuffer(this.handle, UNIVERSAL_BINARY_JSON, length, out),
    );
    return new Uint8Array(copyOf(out[0]!, Number(length[0])));
  }

  /** Replaces the trees by a saved model's. */
  load(model: Uint8Array): void {
    this.#check(
      'XGBoosterLoadModelFromBuffer',
      this.#calls.XGBoosterLoadModelFromBuffer(this.handle, model, model.length),
    );
  }

  [Symbol.dispose](): void {
    if (this.#handle === undefined) return;
    this.#calls.XGBoosterFree(this.#handle);
    this.#handle = undefined;
  }
}

/** The library reuses its memory at the next call, so what it shows is copied at once. */
const copyOf = (pointer: Handle, bytes: number): ArrayBuffer => koffi.view(pointer, bytes).slice(0);
