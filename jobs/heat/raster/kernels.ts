// Resampling at a point of a layer, as GDAL defines it: nearest, bilinear and cubic, with a wider kernel when downsampling.

export interface Layer {
  readonly values: Float32Array;
  readonly columns: number;
  readonly rows: number;
}

/** The value at a place of the layer, (0.5, 0.5) being the centre of its first cell; NaN where there is none. */
export type Sampler = (x: number, y: number) => number;

const isOutside = ({ columns, rows }: Layer, x: number, y: number): boolean =>
  !(x >= 0 && y >= 0 && x <= columns && y <= rows);

export const nearest =
  (layer: Layer): Sampler =>
  (x, y) => {
    const [column, row] = [Math.floor(x + 1e-10), Math.floor(y + 1e-10)];
    if (!(column >= 0 && row >= 0 && column < layer.columns && row < layer.rows)) return NaN;
    return layer.values[row * layer.columns + column]!;
  };

/** Only where the cell under the place has a value, so that the mask of the layer is kept as it is. */
export const whereValid = (layer: Layer, sample: Sampler): Sampler => {
  const { values, columns, rows } = layer;
  return (x, y) => {
    if (isOutside(layer, x, y)) return NaN;
    const column = Math.min(columns - 1, Math.floor(x + 1e-10));
    const under = values[Math.min(rows - 1, Math.floor(y + 1e-10)) * columns + column]!;
    return under === under ? sample(x, y) : NaN;
  };
};

/** Less weight than this is no value: the place is beyond the last valid cell. */
const LEAST_WEIGHT = 1e-5;

/** The four cells around the place; those outside or missing take no part. */
export function bilinear(layer: Layer): Sampler {
  const { values, columns, rows } = layer;
  return (x, y) => {
    // Apart: arrays that are taken apart again cost a collection every few milliseconds until this is compiled.
    const column = Math.floor(x - 0.5);
    const row = Math.floor(y - 0.5);
    const u = x - 0.5 - column;
    const v = y - 0.5 - row;
    const at = row * columns + column;
    if (column >= 0 && row >= 0 && column < columns - 1 && row < rows - 1) {
      const top = values[at]! * (1 - u) + values[at + 1]! * u;
      const bottom = values[at + columns]! * (1 - u) + values[at + columns + 1]! * u;
      const value = top * (1 - v) + bottom * v;
      if (value === value) return value;
    }
    return bilinearOfValid(layer, column, row, u, v);
  };
}

function bilinearOfValid(
  { values, columns, rows }: Layer,
  column: number,
  row: number,
  u: number,
  v: number,
): number {
  let [sum, weights] = [0, 0];
  for (let j = 0; j < 2; j++)
    for (let i = 0; i < 2; i++) {
      if (!(column + i >= 0 && row + j >= 0 && column + i < columns && row + j < rows)) continue;
      const value = values[(row + j) * columns + column + i]!;
      if (value !== value) continue;
      const weight = (i === 0 ? 1 - u : u) * (j === 0 ? 1 - v : v);
      sum += weight * value;
      weights += weight;
    }
  return weights < LEAST_WEIGHT ? NaN : sum / weights;
}

/** The sixteen cells around the place (Catmull-Rom); bilinear where one of them is outside or missing. */
export function cubic(layer: Layer): Sampler {
  const { values, columns, rows } = layer;
  const linear = bilinear(layer);
  return (x, y) => {
    const [column, row] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
    if (!(column >= 1 && row >= 1 && column < columns - 2 && row < rows - 2)) return linear(x, y);
    const [u, v] = [x - 0.5 - column, y - 0.5 - row];
    const at = (row - 1) * columns + column - 1;
    const value = spline(
      splineOfFour(values, at, u),
      splineOfFour(values, at + columns, u),
      splineOfFour(values, at + 2 * columns, u),
      splineOfFour(values, at + 3 * columns, u),
      v,
    );
    return value === value ? value : linear(x, y);
  };
}

const splineOfFour = (values: Float32Array, at: number, u: number): number =>
  spline(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!, u);

const spline = (p: number, q: number, r: number, s: number, u: number): number =>
  q + 0.5 * u * (r - p + u * (2 * p - 5 * q + 4 * r - s + u * (3 * (q - r) + s - p)));

export interface Kernel {
  readonly radius: number;
  readonly weight: (distance: number) => number;
}

export const TRIANGLE: Kernel = { radius: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) };

export const CATMULL_ROM: Kernel = {
  radius: 2,
  weight: (distance) => {
    const d = Math.abs(distance);
    if (d <= 1) return 1 + d * d * (1.5 * d - 2.5);
    return d < 2 ? 2 + d * (-4 + d * (2.5 - 0.5 * d)) : 0;
  },
};

/** A kernel stretched to the cells of a coarser target: `scale` is below 1. Missing cells take no part. */
export function stretched(layer: Layer, kernel: Kernel, xScale: number, yScale: number): Sampler {
  const { values, columns, rows } = layer;
  const [xWeights, yWeights] = [weightsOf(kernel, xScale), weightsOf(kernel, yScale)];
  return (x, y) => {
    const horizontal = xWeights(x);
    const vertical = yWeights(y);
    let [sum, total] = [0, 0];
    for (let j = 0; j < vertical.weights.length; j++) {
      const row = vertical.first + j;
      if (row < 0 || row >= rows) continue;
      for (let i = 0; i < horizontal.weights.length; i++) {
        const column = horizontal.first + i;
        if (column < 0 || column >= columns) continue;
        const value = values[row * columns + column]!;
        if (value !== value) continue;
        const weight = horizontal.weights[i]! * vertical.weights[j]!;
        sum += weight * value;
        total += weight;
      }
    }
    return total < 1e-6 ? NaN : sum / total;
  };
}

/** The weights of the cells near a coordinate, in an array that is used again. */
function weightsOf({ radius, weight }: Kernel, scale: number) {
  const stretch = Math.min(1, scale);
  const reach = Math.ceil(radius / stretch);
  const weights = new Float64Array(2 * reach);
  return (coordinate: number) => {
    const cell = Math.floor(coordinate - 0.5);
    const offset = coordinate - 0.5 - cell;
    for (let at = 0; at < weights.length; at++) weights[at] = weight((at + 1 - reach - offset) * stretch);
    return { first: cell + 1 - reach, weights };
  };
}
