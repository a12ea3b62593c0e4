// Opens NetCDF-3, classic or with 64-bit offsets: netcdfjs reads its header, and the values are read from its places.
import { NetCDFReader, type Variable } from 'netcdfjs';
import { OpenedFile, type InputFile } from '../opened-file.ts';
import { UnusableFile } from '../unusable.ts';
import { MOST_ATTRIBUTE_BYTES, type NetCdf, type NetCdfVariable } from './netcdf.ts';

/** How each type is read, big-endian, and its bytes. */
const TYPES = new Map<string, readonly [(view: DataView, at: number) => number, bytes: number]>([
  ['byte', [(view, at) => view.getInt8(at), 1]],
  ['short', [(view, at) => view.getInt16(at), 2]],
  ['int', [(view, at) => view.getInt32(at), 4]],
  ['float', [(view, at) => view.getFloat32(at), 4]],
  ['double', [(view, at) => view.getFloat64(at), 8]],
]);

/** The whole file is read: its records of all variables lie between each other. */
export function openClassic(input: InputFile, mostBytes: number): NetCdf {
  using opened = new OpenedFile(input);
  const bytes = opened.readAll(mostBytes);
  const { name: file } = input;
  const reader = headerOf(file, bytes);
  return {
    names: reader.variables.map(({ name }) => name),
    variable: (name) => {
      const variable = reader.variables.find((each) => each.name === name);
      return variable && variableOf(file, bytes, reader, variable);
    },
    [Symbol.dispose]: () => undefined,
  };
}

function headerOf(file: string, bytes: Buffer): NetCDFReader {
  try {
    const reader = new NetCDFReader(bytes);
    // A header without variables leaves its list out.
    if (!Array.isArray(reader.variables)) throw new TypeError('no variables');
    return reader;
  } catch (cause) {
    const found = `a header that cannot be read (${(cause as Error).message})`;
    throw new UnusableFile({ file, found, expected: 'the whole header of NetCDF-3' }, { cause });
  }
}

function variableOf(file: string, bytes: Buffer, reader: NetCDFReader, variable: Variable): NetCdfVariable {
  const { recordDimension, dimensions } = reader;
  const { name } = variable;
  const attributes: readonly { readonly name: string; readonly value: unknown }[] = variable.attributes;
  const shape = variable.dimensions.map((id) =>
    id === recordDimension.id ? recordDimension.length : (dimensions[id]?.size ?? 0),
  );
  return {
    name,
    shape,
    dimensions: variable.dimensions.map((id) => dimensions[id]?.name ?? ''),
    attribute: (attribute) => {
      const value = attributes.find((each) => each.name === attribute)?.value;
      return smallValue(file, `attribute ${attribute} of variable ${name}`, value);
    },
    read: (from, to) => numbersOf(file, bytes, variable, shape, recordDimension.recordStep ?? 0, from, to),
  };
}

function smallValue(file: string, place: string, value: unknown): string | number | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const size = Array.isArray(value) || typeof value === 'string' ? value.length : 1;
  if (size > MOST_ATTRIBUTE_BYTES) {
    const expected = `at most ${MOST_ATTRIBUTE_BYTES}`;
    throw new UnusableFile({ file, place, found: `${size} values`, expected });
  }
  return typeof first === 'string' || typeof first === 'number' ? first : undefined;
}

function numbersOf(
  file: string,
  bytes: Buffer,
  { name, type, offset, record }: Variable,
  shape: readonly number[],
  recordStep: number,
  from: number,
  to: number,
): Float64Array {
  const place = `variable ${name}`;
  const known = TYPES.get(type);
  if (known === undefined)
    throw new UnusableFile({ file, place, found: `values of type ${type}`, expected: 'numbers' });
  const [get, size] = known;
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  const step = record ? recordStep : width * size;
  if (step < width * size) {
    const found = `records of ${step} bytes`;
    throw new UnusableFile({ file, place, found, expected: `at least ${width * size} bytes in each` });
  }
  const end = offset + (to - 1) * step + width * size;
  if (!(end <= bytes.length)) {
    const found = `the end of the file at byte ${bytes.length}`;
    throw new UnusableFile({ file, place, found, expected: `values up to byte ${end}: the file is cut off` });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = new Float64Array((to - from) * width);
  let next = 0;
  for (let each = from; each < to; each++)
    for (let at = 0; at < width; at++) numbers[next++] = get(view, offset + each * step + at * size);
  return numbers;
}
