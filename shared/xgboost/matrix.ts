// Rows of features as the library holds them, with what belongs to the rows: labels and weights.
import koffi from 'koffi';
import type { Calls, Checked, Handle, Place } from './calls.ts';

/** A dense block of features, row-major; NaN stands for "not known". */
export interface DenseBlock {
  /** `rows * columns` values, in ordinary or shared memory; read during the call only. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** One per row. */
  readonly labels?: Float32Array;
  /** One per row; all 1 when absent. */
  readonly weights?: Float32Array;
  /** One per column: `q` for a quantity, `c` for a category (whole numbers from 0). All `q` when absent. */
  readonly featureTypes?: readonly ('q' | 'c')[];
}

/** V8 may move the content of arrays this small, so an address into one must not be handed out. */
const LEAST_STABLE_BYTES = 1024;

export class Matrix implements Disposable {
  readonly rows: number;
  readonly #calls: Calls;
  readonly #check: Checked;
  #handle: Handle | undefined;

  private constructor(calls: Calls, check: Checked, handle: Handle, rows: number) {
    this.#calls = calls;
    this.#check = check;
    this.#handle = handle;
    this.rows = rows;
  }

  /** Throws `RangeError` when the sizes do not fit each other, `XgboostError` when the library refuses. */
  static create(calls: Calls, check: Checked, block: DenseBlock): Matrix {
    refuseMisfit(block);
    const values = atStableAddress(block.values);
    const out: Place<Handle> = [null];
    const config = '{"missing":NaN,"nthread":1}';
    check(
      'XGDMatrixCreateFromDense',
      calls.XGDMatrixCreateFromDense(arrayInterface(values, block), config, out),
    );
    const matrix = new Matrix(calls, check, out[0]!, block.rows);
    try {
      matrix.#describe(block);
    } catch (error) {
      matrix[Symbol.dispose]();
      throw error;
    }
    return matrix;
  }

  /** The library's pointer; throws when the matrix was freed. */
  get handle(): Handle {
    if (this.#handle === undefined) throw new Error('this XGBoost matrix was freed');
    return this.#handle;
  }

  /** Replaces the labels, one per row; what the library built of the values is kept. */
  relabel(labels: Float32Array): void {
    if (labels.length !== this.rows)
      throw new RangeError(`expected one number for each of ${this.rows} rows, found ${labels.length}`);
    this.#setNumbers('label', labels);
  }

  [Symbol.dispose](): void {
    if (this.#handle === undefined) return;
    this.#calls.XGDMatrixFree(this.#handle);
    this.#handle = undefined;
  }

  #describe({ labels, weights, featureTypes }: DenseBlock): void {
    if (labels !== undefined) this.#setNumbers('label', labels);
    if (weights !== undefined) this.#setNumbers('weight', weights);
    if (featureTypes === undefined) return;
    this.#check(
      'XGDMatrixSetStrFeatureInfo',
      this.#calls.XGDMatrixSetStrFeatureInfo(this.handle, 'feature_type', featureTypes, featureTypes.length),
    );
  }

  #setNumbers(field: string, values: Float32Array): void {
    this.#check(
      'XGDMatrixSetFloatInfo',
      this.#calls.XGDMatrixSetFloatInfo(this.handle, field, values, values.length),
    );
  }
}

function refuseMisfit(block: DenseBlock): void {
  const expected = block.rows * block.columns;
  if (block.values.length < expected || block.rows < 1 || block.columns < 1)
    throw new RangeError(
      `${block.rows} rows of ${block.columns} columns need ${expected} values (at least one), found ${block.values.length}`,
    );
  for (const column of [block.labels, block.weights])
    if (column !== undefined && column.length !== block.rows)
      throw new RangeError(`expected one number for each of ${block.rows} rows, found ${column.length}`);
  if (block.featureTypes !== undefined && block.featureTypes.length !== block.columns)
    throw new RangeError(
      `expected one type for each of ${block.columns} columns, found ${block.featureTypes.length}`,
    );
}

function atStableAddress(values: Float32Array): Float32Array {
  if (values.byteLength >= LEAST_STABLE_BYTES) return values;
  const roomy = new Float32Array(LEAST_STABLE_BYTES / Float32Array.BYTES_PER_ELEMENT);
  roomy.set(values);
  return roomy;
}

/** What NumPy calls the array interface: little-endian 4-byte floats, row-major, read-only. */
function arrayInterface(values: Float32Array, { rows, columns }: DenseBlock): string {
  const address = koffi.address(values);
  return `{"data":[${address},true],"shape":[${rows},${columns}],"strides":null,"typestr":"<f4","version":3}`;
}
