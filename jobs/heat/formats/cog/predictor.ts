// The float predictor of TIFF (3): each row's bytes sorted by significance, then as differences, so that deflate finds more.

const SIZE = 4;
/** The one NaN of the file: arithmetic leaves others, which depend on the processor. */
export const NAN_BITS = 0x7fc00000;

/** Takes rows of float32 numbers by their bits: the first begins at `start`, each next one `stride` numbers later. */
export type Predictor = (bits: Int32Array, start: number, stride: number) => Uint8Array;

/** For tiles of one size. The next call writes into the same result. */
export function floatPredictor(width: number, height: number): Predictor {
  const rowBytes = width * SIZE;
  const output = new Uint8Array(rowBytes * height);
  return (bits, start, stride) => {
    for (let row = 0; row < height; row++)
      predictRow(bits, start + row * stride, width, output, row * rowBytes);
    return output;
  };
}

function predictRow(bits: Int32Array, from: number, width: number, output: Uint8Array, to: number): void {
  const [second, third, fourth] = [to + width, to + 2 * width, to + 3 * width];
  // The row is one text of bytes: the first byte of a part is a difference from the last byte of the part before it, and
  // that is one byte higher in the last number.
  let before = unified(bits[from + width - 1]!) >>> 8;
  for (let column = 0; column < width; column++) {
    const value = unified(bits[from + column]!);
    output[to + column] = (value >>> 24) - (before >>> 24);
    output[second + column] = (value >>> 16) - (before >>> 16);
    output[third + column] = (value >>> 8) - (before >>> 8);
    output[fourth + column] = value - before;
    before = value;
  }
}

const unified = (bits: number): number => ((bits & 0x7fffffff) > 0x7f800000 ? NAN_BITS : bits);
