// The float predictor of TIFF (3): each row's bytes sorted by significance, then as differences, so that deflate finds more.

const SIZE = 4;

/** Of rows of `width` float32 numbers, given by their bits. The result is used again by the next call of one encoder. */
export function floatPredictor(width: number, height: number): (bits: Uint32Array) => Uint8Array {
  const rowBytes = width * SIZE;
  const output = new Uint8Array(rowBytes * height);
  return (bits) => {
    for (let row = 0; row < height; row++) {
      const start = row * rowBytes;
      const [second, third, fourth] = [start + width, start + 2 * width, start + 3 * width];
      // The last byte of each part, from which the first of the next one is a difference.
      const last = bits[row * width + width - 1]!;
      let before = bits[row * width]!;
      output[start] = before >>> 24;
      output[second] = (before >>> 16) - (last >>> 24);
      output[third] = (before >>> 8) - (last >>> 16);
      output[fourth] = before - (last >>> 8);
      for (let column = 1; column < width; column++) {
        const value = bits[row * width + column]!;
        output[start + column] = (value >>> 24) - (before >>> 24);
        output[second + column] = (value >>> 16) - (before >>> 16);
        output[third + column] = (value >>> 8) - (before >>> 8);
        output[fourth + column] = value - before;
        before = value;
      }
    }
    return output;
  };
}
