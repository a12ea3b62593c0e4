// Writes an array of float32 as a .npy file of version 1.0, which NumPy opens:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

const MAGIC = Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1');
/** The data begins at a multiple of this. */
const ALIGNED = 64;

/** The whole file; the last of `shape` changes fastest. */
export function npyOf(shape: readonly number[], values: Float32Array): Buffer {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== values.length)
    throw new RangeError(`${values.length} values do not fill an array of ${shape.join(' × ')}`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((MAGIC.length + 2 + header.length + 1) / ALIGNED) * ALIGNED;
  const file = Buffer.alloc(start + 4 * count, ' ');
  MAGIC.copy(file);
  file.writeUInt16LE(start - MAGIC.length - 2, MAGIC.length);
  file.write(header, MAGIC.length + 2, 'latin1');
  file.write('\n', start - 1, 'latin1');
  values.forEach((value, at) => file.writeFloatLE(value, start + 4 * at));
  return file;
}
