// Writes a NetCDF-3 file of one variable over hours, latitudes and longitudes, as the Climate Data Store packed them.

export interface Hourly {
  readonly name: string;
  readonly units: string;
  /** Hours since 1970-01-01T00:00Z. */
  readonly hours: readonly number[];
  /** Of the centres of cells, from north to south. */
  readonly latitudes: readonly number[];
  readonly longitudes: readonly number[];
  /** Hour by hour, and in each row by row. */
  readonly values: Float32Array;
}

const [CHAR, SHORT, INT, DOUBLE] = [2, 3, 4, 6];
const [DIMENSIONS, VARIABLES, ATTRIBUTES] = [10, 11, 12];
const SIZES: Readonly<Record<number, number>> = { [SHORT]: 2, [INT]: 4, [DOUBLE]: 8 };
/** The numbers of int16, less one that stands for no value. */
const STEPS = 65_534;

type Attribute = readonly [name: string, value: string | number];

interface Variable {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly type: number;
  readonly attributes: readonly Attribute[];
  readonly data: Buffer;
}

/** Packed as int16 with a scale and an offset: the values are rounded to 1/65,534 of their range. */
export function netcdfOf({ name, units, hours, latitudes, longitudes, values }: Hourly): Buffer {
  const [least, most] = rangeOf(values);
  const scale = (most - least) / STEPS || 1;
  const offset = (most + least) / 2;
  const packed = Buffer.alloc(2 * values.length);
  values.forEach((value, at) => packed.writeInt16BE(Math.round((value - offset) / scale), 2 * at));
  const lengths = [hours.length, latitudes.length, longitudes.length];
  return fileOf(
    [
      ['time', lengths[0]!],
      ['latitude', lengths[1]!],
      ['longitude', lengths[2]!],
    ],
    [
      {
        ...{ name: 'time', dimensions: [0], type: INT },
        attributes: [
          ['units', 'hours since 1970-01-01 00:00:00.0'],
          ['calendar', 'gregorian'],
        ],
        data: numbers(hours, 4, (bytes, value, at) => bytes.writeInt32BE(value, at)),
      },
      axis('latitude', 1, 'degrees_north', latitudes),
      axis('longitude', 2, 'degrees_east', longitudes),
      {
        ...{ name, dimensions: [0, 1, 2], type: SHORT, data: packed },
        attributes: [
          ['units', units],
          ['scale_factor', scale],
          ['add_offset', offset],
        ],
      },
    ],
  );
}

function rangeOf(values: Float32Array): readonly [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  return [least, most];
}

const axis = (name: string, dimension: number, units: string, values: readonly number[]): Variable => ({
  ...{ name, dimensions: [dimension], type: DOUBLE, attributes: [['units', units]] },
  data: numbers(values, 8, (bytes, value, at) => bytes.writeDoubleBE(value, at)),
});

function numbers(
  values: readonly number[],
  size: number,
  write: (bytes: Buffer, value: number, at: number) => void,
): Buffer {
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, at) => write(bytes, value, size * at));
  return bytes;
}

/** The header names where each variable begins, so it is made twice: first to learn its length. */
function fileOf(dimensions: readonly (readonly [string, number])[], variables: readonly Variable[]): Buffer {
  const header = (begins: readonly number[]): Buffer =>
    Buffer.concat([
      Buffer.from('CDF\x01', 'latin1'),
      int(0),
      int(DIMENSIONS),
      int(dimensions.length),
      ...dimensions.flatMap(([name, length]) => [text(name), int(length)]),
      // No attributes of the file.
      int(0),
      int(0),
      int(VARIABLES),
      int(variables.length),
      ...variables.map((variable, at) => described(variable, begins[at]!)),
    ]);
  let end = header(variables.map(() => 0)).length;
  const begins = variables.map(({ data }) => {
    const begin = end;
    end += padded(data.length);
    return begin;
  });
  return Buffer.concat([header(begins), ...variables.map(({ data }) => paddedBytes(data))]);
}

const described = ({ name, dimensions, type, attributes, data }: Variable, begin: number): Buffer =>
  Buffer.concat([
    text(name),
    int(dimensions.length),
    ...dimensions.map(int),
    int(ATTRIBUTES),
    int(attributes.length),
    ...attributes.flatMap(([key, value]) => [text(key), attributeValue(value)]),
    int(type),
    int(padded(data.length)),
    int(begin),
  ]);

function attributeValue(value: string | number): Buffer {
  if (typeof value === 'string') return Buffer.concat([int(CHAR), text(value)]);
  const bytes = Buffer.alloc(SIZES[DOUBLE]!);
  bytes.writeDoubleBE(value);
  return Buffer.concat([int(DOUBLE), int(1), bytes]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const text = (value: string): Buffer =>
  Buffer.concat([int(Buffer.byteLength(value)), paddedBytes(Buffer.from(value))]);

const padded = (length: number): number => 4 * Math.ceil(length / 4);
const paddedBytes = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)]);
