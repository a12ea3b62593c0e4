// Opens NetCDF-4, which is HDF5, by h5wasm; sizes are checked before the library takes memory for them.
import { ready, File, Dataset } from 'h5wasm/node';
import type { InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import { MOST_ATTRIBUTE_BYTES, type NetCdf, type NetCdfVariable } from './netcdf.ts';

const MOST_CHUNK_BYTES = 2 ** 28;
/** HDF5's classes of types. */
const [INTEGER, FLOAT] = [0, 1];

export async function openHdf5({ name: file, path }: InputFile): Promise<NetCdf> {
  // Otherwise the library prints its errors to the log of the job.
  (await ready).activate_throwing_error_handler();
  const opened = attempt(file, undefined, 'a file that HDF5 can open', () => new File(path, 'r'));
  return {
    names: attempt(file, undefined, 'a list of variables', () => opened.keys()),
    variable: (name) => variableOf(file, opened, name),
    [Symbol.dispose]: () => void opened.close(),
  };
}

/** The library throws errors of many kinds for a damaged file, those of WebAssembly too. */
function attempt<T>(file: string, place: string | undefined, expected: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof UnusableFile) throw cause;
    throw new UnusableFile({ file, place, found: `damaged HDF5 (${reasonOf(cause)})`, expected });
  }
}

/** The library lists the calls that failed, the innermost last: `#011: … in H5F_open(): truncated file`. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const innermost = [...message.matchAll(/\(\): (.+)/g)].at(-1)?.[1];
  return innermost ?? message.split('\n')[0] ?? 'no reason given';
}

function variableOf(file: string, opened: File, name: string): NetCdfVariable | undefined {
  const place = `variable ${name}`;
  const safely = <T>(read: () => T) => attempt(file, place, 'a variable that can be read', read);
  const dataset = safely(() => (opened.keys().includes(name) ? opened.get(name) : undefined));
  if (!(dataset instanceof Dataset)) return undefined;
  const shape = safely(() => dataset.shape) ?? [];
  return {
    name,
    shape,
    dimensions: safely(() => shape.map((_, axis) => dimensionOf(dataset, axis, name))),
    attribute: (attribute) => safely(() => attributeOf(file, dataset, name, attribute)),
    read: (from, to) => safely(() => numbersOf(file, dataset, place, from, to)),
  };
}

/** A coordinate is its own dimension. */
function dimensionOf(dataset: Dataset, axis: number, name: string): string {
  const [scale] = dataset.get_attached_scales(axis);
  return scale === undefined ? name : scale.slice(scale.lastIndexOf('/') + 1);
}

function attributeOf(
  file: string,
  dataset: Dataset,
  variable: string,
  name: string,
): string | number | undefined {
  const attribute = dataset.attrs[name];
  if (attribute === undefined) return undefined;
  const values = (attribute.shape ?? []).reduce((product, length) => product * length, 1);
  const bytes = values * attribute.metadata.size;
  if (!(bytes <= MOST_ATTRIBUTE_BYTES)) {
    const place = `attribute ${name} of variable ${variable}`;
    const expected = `at most ${MOST_ATTRIBUTE_BYTES} bytes`;
    throw new UnusableFile({ file, place, found: `${bytes} bytes`, expected });
  }
  const value: unknown = attribute.value;
  const first = typeof value === 'string' || !isList(value) ? value : value[0];
  if (typeof first === 'bigint') return Number(first);
  return typeof first === 'string' || typeof first === 'number' ? first : undefined;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || ArrayBuffer.isView(value);

function numbersOf(
  file: string,
  dataset: Dataset,
  place: string,
  from: number,
  to: number,
): ArrayLike<number> {
  const { type, size, chunks } = dataset.metadata;
  if (type !== INTEGER && type !== FLOAT)
    throw new UnusableFile({ file, place, found: `values of HDF5's class ${type}`, expected: 'numbers' });
  const chunkBytes = (chunks ?? []).reduce((product, length) => product * length, size);
  if (chunkBytes > MOST_CHUNK_BYTES) {
    const expected = `at most ${MOST_CHUNK_BYTES} bytes`;
    throw new UnusableFile({ file, place, found: `chunks of ${chunkBytes} bytes`, expected });
  }
  const rank = dataset.shape?.length ?? 0;
  const value: unknown = rank === 0 ? dataset.value : dataset.slice([[from, to]]);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Array.from(value, Number);
  if (typeof value === 'number' || typeof value === 'bigint') return [Number(value)];
  return value as ArrayLike<number>;
}
