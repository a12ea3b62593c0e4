// Makes the grid of a file from the latitudes and longitudes of its points: north up, west to east, within a box.
import type { Grid } from './grid.ts';

/** In degrees; east is above west. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A grid, and from which row and column of the file each of its rows and columns comes. */
export interface Layout {
  readonly grid: Grid;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** `wrong` says what is found and what was expected. */
export type Axes =
  | { readonly kind: 'layout'; readonly layout: Layout }
  | { readonly kind: 'wrong'; readonly found: string; readonly expected: string };

interface Axis {
  /** Of the first point's centre. */
  readonly first: number;
  readonly step: number;
  /** Indices of the file, in ascending order of the coordinate. */
  readonly indices: readonly number[];
}

/** A step may differ from the mean one by so much of it: coordinates are stored as float32, or rounded to 0.001°. */
const UNEVEN = 0.03;
/** A metre: smaller cells are damaged numbers, and their place would be lost where coordinates are rounded. */
const LEAST_STEP = 1e-5;
const TURN = 360;

export function axesOf(latitudes: readonly number[], longitudes: readonly number[], within?: Box): Axes {
  if (latitudes.some((value) => !(Math.abs(value) <= 90.001)))
    return wrong(`a latitude of ${latitudes.find((value) => !(Math.abs(value) <= 90.001))}`, '-90 to 90');
  if (longitudes.some((value) => !(Math.abs(value) <= TURN + 180)))
    return wrong(`a longitude of ${longitudes.find((v) => !(Math.abs(v) <= TURN + 180))}`, '-180 to 360');
  if (latitudes.length === 1 && longitudes.length === 1)
    return wrong('a single point', 'at least two latitudes or longitudes, which give the size of a cell');
  const steps = [stepOf(latitudes), stepOf(longitudes.length > 1 ? unwrapped(longitudes) : longitudes)];
  const y = axisOf(latitudes, steps[0] ?? Math.abs(steps[1]!));
  if (y === undefined) return wrong(uneven('latitudes', latitudes), 'evenly spaced latitudes');
  const x = longitudeAxis(longitudes, steps[1] ?? Math.abs(steps[0]!));
  if (x === undefined) return wrong(uneven('longitudes', longitudes), 'evenly spaced longitudes');
  if (Math.min(x.step, y.step) < LEAST_STEP)
    return wrong(`cells of ${x.step} × ${y.step} degrees`, `at least ${LEAST_STEP} degrees`);
  return cut(x, y, within);
}

const wrong = (found: string, expected: string): Axes => ({ kind: 'wrong', found, expected });

const uneven = (name: string, values: readonly number[]): string =>
  `${name} ${values.slice(0, 4).join(', ')}${values.length > 4 ? ', …' : ''}`;

const stepOf = (values: readonly number[]): number | undefined =>
  values.length < 2 ? undefined : (values.at(-1)! - values[0]!) / (values.length - 1);

/** Undefined where the points are not evenly spaced. */
function axisOf(values: readonly number[], step: number): Axis | undefined {
  const first = values[0]!;
  const isEven = values.every((value, at) => Math.abs(value - first - at * step) <= UNEVEN * Math.abs(step));
  if (step === 0 || !isEven) return undefined;
  const indices = values.map((_, at) => at);
  return step > 0
    ? { first, step, indices }
    : { first: values.at(-1)!, step: -step, indices: indices.reverse() };
}

/** 350, 355, 0, 5 become 350, 355, 360, 365; the other way round as well. */
function unwrapped(longitudes: readonly number[]): number[] {
  const direction = Math.sign(longitudes[1]! - longitudes[0]!);
  const forward = Math.abs(longitudes[1]! - longitudes[0]!) > TURN / 2 ? -direction : direction;
  let turns = 0;
  return longitudes.map((value, at) => {
    const before = longitudes[at - 1];
    if (before !== undefined && Math.abs(value - before) > TURN / 2) turns += forward * TURN;
    return value + turns;
  });
}

/** From -180 on where the points go round the earth; otherwise the turn whose middle is in -180 to 180. */
function longitudeAxis(longitudes: readonly number[], step: number): Axis | undefined {
  const axis = axisOf(longitudes.length > 1 ? unwrapped(longitudes) : longitudes, step);
  if (axis === undefined) return undefined;
  const { indices } = axis;
  const span = indices.length * axis.step;
  if (Math.abs(span - TURN) < axis.step / 2) {
    const skipped = Math.ceil((-180 - axis.first) / axis.step - 1e-6);
    const start = ((skipped % indices.length) + indices.length) % indices.length;
    const first = axis.first + skipped * axis.step;
    return { ...axis, first, indices: [...indices.slice(start), ...indices.slice(0, start)] };
  }
  const middle = axis.first + (span - axis.step) / 2;
  return { ...axis, first: axis.first - TURN * Math.floor((middle + 180) / TURN) };
}

/** The cells that the box touches. */
function cut(x: Axis, y: Axis, within: Box | undefined): Axes {
  const inBox = (axis: Axis, from: number, to: number) => {
    const start = Math.max(0, Math.floor((from - axis.first) / axis.step + 0.5 + 1e-9));
    const end = Math.min(axis.indices.length, Math.ceil((to - axis.first) / axis.step + 0.5 - 1e-9));
    return {
      first: axis.first + start * axis.step,
      indices: axis.indices.slice(start, Math.max(start, end)),
    };
  };
  const [west, south, east, north] =
    within === undefined
      ? [-Infinity, -Infinity, Infinity, Infinity]
      : [within.west, within.south, within.east, within.north];
  const [columns, rows] = [inBox(x, west, east), inBox(y, south, north)];
  if (columns.indices.length === 0 || rows.indices.length === 0) return wrong(reach(x, y), shownBox(within!));
  const top = rows.first + (rows.indices.length - 1) * y.step;
  const grid: Grid = {
    crs: 'EPSG:4326',
    columns: columns.indices.length,
    rows: rows.indices.length,
    transform: [tidy(x.step), 0, tidy(columns.first - x.step / 2), 0, tidy(-y.step), tidy(top + y.step / 2)],
  };
  const layout = {
    grid,
    rows: Int32Array.from(rows.indices).reverse(),
    columns: Int32Array.from(columns.indices),
  };
  return { kind: 'layout', layout };
}

/** Degrees without the last digits of binary fractions: 0.1, not 0.09999999999999787. */
const tidy = (degrees: number): number => Number(degrees.toFixed(10));

const reach = (x: Axis, y: Axis): string => {
  const [east, north] = [x, y].map(({ first, step, indices }) => first + (indices.length - 1) * step);
  return `points from ${tidy(x.first)} to ${tidy(east!)} E and ${tidy(y.first)} to ${tidy(north!)} N`;
};

const shownBox = ({ west, south, east, north }: Box): string =>
  `points in ${west} to ${east} E and ${south} to ${north} N`;
