// AssemblyScript: the loops of the U-Net, on four float32 at once. Every sum has a fixed sequence and no operation of
// relaxed SIMD is used, so the same bytes come out on every processor.
//
// A plane is one channel: `rows` rows of `width` cells (a multiple of 4), within a border of zeros that is one row above
// and below, and 4 cells wide on the left and on the right. All pointers are those of first planes, border included.

const SIDE: i32 = 4;
const BYTES: i32 = 4;

function strideOf(width: i32): i32 {
  return (width + 2 * SIDE) * BYTES;
}

function planeOf(rows: i32, width: i32): i32 {
  return (rows + 2) * strideOf(width);
}

function innerOf(width: i32): i32 {
  return strideOf(width) + SIDE * BYTES;
}

function sumOf(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * 3 × 3 convolution. Weights: output by output, in each input by input, in each row by row. `bias` 0: none; `add` 1: the
 * result is added to what is there.
 */
export function convolve(
  input: i32,
  inputs: i32,
  output: i32,
  outputs: i32,
  weights: i32,
  bias: i32,
  rows: i32,
  width: i32,
  add: i32,
): void {
  const stride = strideOf(width);
  const plane = planeOf(rows, width);
  const taps = inputs * 9 * BYTES;
  for (let to = 0; to < outputs; to += 4)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column += 4) {
        const place = innerOf(width) + row * stride + column * BYTES;
        const from = input + place - stride - BYTES;
        const w0 = weights + to * taps;
        const into = output + to * plane + place;
        let a = bias ? v128.load32_splat(bias + to * BYTES) : f32x4.splat(0);
        let b = bias ? v128.load32_splat(bias + (to + 1) * BYTES) : f32x4.splat(0);
        let c = bias ? v128.load32_splat(bias + (to + 2) * BYTES) : f32x4.splat(0);
        let d = bias ? v128.load32_splat(bias + (to + 3) * BYTES) : f32x4.splat(0);
        for (let channel = 0; channel < inputs; channel++) {
          const start = from + channel * plane;
          const w = w0 + channel * 9 * BYTES;
          for (let y = 0; y < 3; y++) {
            const line = start + y * stride;
            const wy = w + y * 3 * BYTES;
            for (let x = 0; x < 3; x++) {
              const value = v128.load(line + x * BYTES);
              const wx = wy + x * BYTES;
              a = f32x4.add(a, f32x4.mul(value, v128.load32_splat(wx)));
              b = f32x4.add(b, f32x4.mul(value, v128.load32_splat(wx + taps)));
              c = f32x4.add(c, f32x4.mul(value, v128.load32_splat(wx + 2 * taps)));
              d = f32x4.add(d, f32x4.mul(value, v128.load32_splat(wx + 3 * taps)));
            }
          }
        }
        store(into, a, add);
        store(into + plane, b, add);
        store(into + 2 * plane, c, add);
        store(into + 3 * plane, d, add);
      }
}

function store(place: i32, value: v128, add: i32): void {
  v128.store(place, add ? f32x4.add(v128.load(place), value) : value);
}

/** Adds to `weights` and `bias` the gradients of a convolution. */
export function convolutionGradients(
  input: i32,
  inputs: i32,
  gradient: i32,
  outputs: i32,
  weights: i32,
  bias: i32,
  rows: i32,
  width: i32,
): void {
  const stride = strideOf(width);
  const plane = planeOf(rows, width);
  for (let to = 0; to < outputs; to++) {
    const from = gradient + to * plane + innerOf(width);
    biasGradient(from, bias + to * BYTES, rows, width);
    for (let channel = 0; channel < inputs; channel++) {
      const other = input + channel * plane + innerOf(width) - stride - BYTES;
      tapGradients(from, other, weights + (to * inputs + channel) * 9 * BYTES, rows, width);
    }
  }
}

function biasGradient(from: i32, into: i32, rows: i32, width: i32): void {
  let sum = f32x4.splat(0);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < width; column += 4)
      sum = f32x4.add(sum, v128.load(from + row * strideOf(width) + column * BYTES));
  f32.store(into, f32.load(into) + sumOf(sum));
}

function tapGradients(from: i32, other: i32, into: i32, rows: i32, width: i32): void {
  const stride = strideOf(width);
  for (let y = 0; y < 3; y++) {
    let a = f32x4.splat(0);
    let b = f32x4.splat(0);
    let c = f32x4.splat(0);
    for (let row = 0; row < rows; row++) {
      const line = from + row * stride;
      const beside = other + (row + y) * stride;
      for (let at = 0; at < width * BYTES; at += 4 * BYTES) {
        const value = v128.load(line + at);
        a = f32x4.add(a, f32x4.mul(value, v128.load(beside + at)));
        b = f32x4.add(b, f32x4.mul(value, v128.load(beside + at + BYTES)));
        c = f32x4.add(c, f32x4.mul(value, v128.load(beside + at + 2 * BYTES)));
      }
    }
    const place = into + y * 3 * BYTES;
    f32.store(place, f32.load(place) + sumOf(a));
    f32.store(place + BYTES, f32.load(place + BYTES) + sumOf(b));
    f32.store(place + 2 * BYTES, f32.load(place + 2 * BYTES) + sumOf(c));
  }
}

/** The weights with which the gradient of the output is convolved to the gradient of the input. */
export function turnWeights(weights: i32, inputs: i32, outputs: i32, turned: i32): void {
  for (let to = 0; to < outputs; to++)
    for (let channel = 0; channel < inputs; channel++)
      for (let tap = 0; tap < 9; tap++)
        f32.store(
          turned + ((channel * outputs + to) * 9 + 8 - tap) * BYTES,
          f32.load(weights + ((to * inputs + channel) * 9 + tap) * BYTES),
        );
}

/** Negative values a tenth, in place. The border stays 0. */
export function activate(planes: i32, channels: i32, rows: i32, width: i32): void {
  const end = planes + channels * planeOf(rows, width);
  const tenth = f32x4.splat(0.1);
  for (let at = planes; at < end; at += 16) {
    const value = v128.load(at);
    v128.store(at, f32x4.max(value, f32x4.mul(value, tenth)));
  }
}

/** `gradient` of activated planes becomes that of what was activated: a tenth where the value is negative. */
export function activationGradient(planes: i32, gradient: i32, channels: i32, rows: i32, width: i32): void {
  const bytes = channels * planeOf(rows, width);
  const tenth = f32x4.splat(0.1);
  const zero = f32x4.splat(0);
  for (let at = 0; at < bytes; at += 16) {
    const value = v128.load(gradient + at);
    const isNegative = f32x4.lt(v128.load(planes + at), zero);
    v128.store(gradient + at, v128.bitselect(f32x4.mul(value, tenth), value, isNegative));
  }
}

/** Each cell of the output is the sum of 2 × 2, times `factor`. `rows` and `width` are those of the output. */
export function halve(input: i32, output: i32, channels: i32, rows: i32, width: i32, factor: f32): void {
  const stride = strideOf(2 * width);
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column++) {
        const from =
          input +
          channel * planeOf(2 * rows, 2 * width) +
          innerOf(2 * width) +
          2 * row * stride +
          2 * column * BYTES;
        const above = f32.load(from) + f32.load(from + BYTES);
        const below = f32.load(from + stride) + f32.load(from + stride + BYTES);
        const into =
          output + channel * planeOf(rows, width) + innerOf(width) + row * strideOf(width) + column * BYTES;
        f32.store(into, (above + below) * factor);
      }
}

/** Each cell of the small planes, times `factor`, is added to the 2 × 2 cells of the large ones; `rows` of the small. */
export function spread(small: i32, large: i32, channels: i32, rows: i32, width: i32, factor: f32): void {
  const stride = strideOf(2 * width);
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < width; column++) {
        const from =
          small + channel * planeOf(rows, width) + innerOf(width) + row * strideOf(width) + column * BYTES;
        const value = f32.load(from) * factor;
        const into =
          large +
          channel * planeOf(2 * rows, 2 * width) +
          innerOf(2 * width) +
          2 * row * stride +
          2 * column * BYTES;
        f32.store(into, f32.load(into) + value);
        f32.store(into + BYTES, f32.load(into + BYTES) + value);
        f32.store(into + stride, f32.load(into + stride) + value);
        f32.store(into + stride + BYTES, f32.load(into + stride + BYTES) + value);
      }
}

/** Output: the sum over channels of plane times map, cell by cell. Each of the channels has a map as large as a plane. */
export function combine(planes: i32, maps: i32, output: i32, channels: i32, rows: i32, width: i32): void {
  const bytes = planeOf(rows, width);
  for (let at = 0; at < bytes; at += 16) {
    let sum = f32x4.splat(0);
    for (let channel = 0; channel < channels; channel++) {
      const place = channel * bytes + at;
      sum = f32x4.add(sum, f32x4.mul(v128.load(planes + place), v128.load(maps + place)));
    }
    v128.store(output + at, sum);
  }
}

/** Adds to the gradients of planes and maps what `combine` makes of the gradient of its output. */
export function combinationGradients(
  planes: i32,
  maps: i32,
  gradient: i32,
  ofPlanes: i32,
  ofMaps: i32,
  channels: i32,
  rows: i32,
  width: i32,
): void {
  const bytes = planeOf(rows, width);
  for (let channel = 0; channel < channels; channel++)
    for (let at = 0; at < bytes; at += 16) {
      const place = channel * bytes + at;
      const value = v128.load(gradient + at);
      const plane = f32x4.mul(value, v128.load(maps + place));
      const map = f32x4.mul(value, v128.load(planes + place));
      v128.store(ofPlanes + place, f32x4.add(v128.load(ofPlanes + place), plane));
      v128.store(ofMaps + place, f32x4.add(v128.load(ofMaps + place), map));
    }
}

/** One step of Adam over `count` weights (a multiple of 4); the gradients become 0. `rate` has both corrections in it. */
export function adam(
  weights: i32,
  gradients: i32,
  first: i32,
  second: i32,
  count: i32,
  rate: f32,
  least: f32,
): void {
  const b1 = f32x4.splat(0.9);
  const c1 = f32x4.splat(0.1);
  const b2 = f32x4.splat(0.999);
  const c2 = f32x4.splat(0.001);
  const rates = f32x4.splat(rate);
  const floor = f32x4.splat(least);
  const zero = f32x4.splat(0);
  for (let at = 0; at < count * BYTES; at += 16) {
    const gradient = v128.load(gradients + at);
    const m = f32x4.add(f32x4.mul(v128.load(first + at), b1), f32x4.mul(gradient, c1));
    const squared = f32x4.mul(gradient, gradient);
    const v = f32x4.add(f32x4.mul(v128.load(second + at), b2), f32x4.mul(squared, c2));
    const step = f32x4.div(f32x4.mul(rates, m), f32x4.add(f32x4.sqrt(v), floor));
    v128.store(first + at, m);
    v128.store(second + at, v);
    v128.store(weights + at, f32x4.sub(v128.load(weights + at), step));
    v128.store(gradients + at, zero);
  }
}
