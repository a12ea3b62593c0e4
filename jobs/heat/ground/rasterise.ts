// How much of each cell the polygons of a layer cover, and which cells its outlines, lines and points touch.
import type { Geometry, Path } from '../formats/geojson/geometry.ts';
import { UnusableFile } from '../formats/unusable.ts';
import { cellCount, type Grid } from '../raster/grid.ts';
import { transformation } from '../raster/projections.ts';

/** Each row of cells is cut into so many lines; along a line the cover is exact. */
const LINES = 16;
/**
 * Places where outlines cross lines, and marks along outlines, of one layer: the outlines of a large city in cells of 10 m
 * have some ten millions. A million edges from the north to the south of a grid would have billions.
 */
const MOST_PLACES = 2 ** 25;

/** How many places the layer may still have. */
class Effort {
  #left = MOST_PLACES;

  /** Throws `UnusableFile`. */
  spend(places: number): void {
    this.#left -= places;
    if (this.#left >= 0) return;
    throw new UnusableFile({
      file: 'the outlines of a layer of OpenStreetMap',
      found: `more than ${MOST_PLACES} places where they cross the grid`,
      expected: 'fewer or shorter edges, or a coarser grid',
    });
  }
}

/** Columns and rows of the grid, one after the other. */
type Places = Float64Array;

function placesOnGrid(path: Path, grid: Grid): Places {
  const forward = transformation('EPSG:4326', grid.crs);
  const [a, , c, , e, f] = grid.transform;
  const places = new Float64Array(path.length);
  for (let at = 0; at < path.length; at += 2) {
    const [x, y] = forward(path[at]!, path[at + 1]!);
    places[at] = (x - c) / a;
    places[at + 1] = (y - f) / e;
  }
  return places;
}

/** 0 to 1 for each cell: the share that is within any polygon. Where outlines overlap, the ground counts once. */
export function coverOfPolygons(geometries: readonly Geometry[], grid: Grid): Float32Array {
  const { columns, rows } = grid;
  /** For each line its spans, from column to column. */
  const spans = Array.from({ length: rows * LINES }, (): number[] => []);
  const effort = new Effort();
  for (const geometry of geometries)
    if (geometry.kind === 'polygon')
      addSpans(
        geometry.rings.map((ring) => placesOnGrid(ring, grid)),
        spans,
        columns,
        effort,
      );
  const cover = new Float64Array(cellCount(grid));
  spans.forEach((line, at) => addCover(union(line), cover, Math.floor(at / LINES) * columns));
  return Float32Array.from(cover, (value) => Math.min(1, value / LINES));
}

/** What is inside is decided by counting crossings (even-odd), which suits holes and outlines that cross themselves. */
function addSpans(
  rings: readonly Places[],
  spans: readonly number[][],
  columns: number,
  effort: Effort,
): void {
  const crossings = new Map<number, number[]>();
  for (const ring of rings)
    for (let at = 0; at + 3 < ring.length; at += 2) {
      const [x, y, nextX, nextY] = [ring[at]!, ring[at + 1]!, ring[at + 2]!, ring[at + 3]!];
      if (!Number.isFinite(x + y + nextX + nextY)) continue;
      const [top, bottom] = y < nextY ? [y, nextY] : [nextY, y];
      const first = Math.max(0, Math.ceil(top * LINES - 0.5));
      const last = Math.min(spans.length - 1, Math.ceil(bottom * LINES - 0.5) - 1);
      effort.spend(Math.max(0, last - first + 1));
      for (let line = first; line <= last; line++) {
        const height = (line + 0.5) / LINES;
        const crossing = x + ((height - y) / (nextY - y)) * (nextX - x);
        const known = crossings.get(line) ?? [];
        crossings.set(line, known);
        known.push(crossing);
      }
    }
  for (const [line, xs] of crossings) {
    xs.sort((one, other) => one - other);
    for (let at = 0; at + 1 < xs.length; at += 2) {
      const [from, to] = [Math.max(0, xs[at]!), Math.min(columns, xs[at + 1]!)];
      if (to > from) spans[line]!.push(from, to);
    }
  }
}

/** Spans from left to right that do not overlap. */
function union(spans: readonly number[]): number[] {
  const pairs = Array.from(
    { length: spans.length / 2 },
    (_, at) => [spans[2 * at]!, spans[2 * at + 1]!] as const,
  );
  pairs.sort(([one], [other]) => one - other);
  const joined: number[] = [];
  for (const [from, to] of pairs) {
    const end = joined.at(-1);
    if (end === undefined || from > end) joined.push(from, to);
    else if (to > end) joined[joined.length - 1] = to;
  }
  return joined;
}

function addCover(spans: readonly number[], cover: Float64Array, start: number): void {
  for (let at = 0; at < spans.length; at += 2) {
    const [from, to] = [spans[at]!, spans[at + 1]!];
    for (let column = Math.floor(from); column < to; column++)
      cover[start + column]! += Math.min(to, column + 1) - Math.max(from, column);
  }
}

/** 1 for each cell that a geometry touches with its outline, its line, its point, or its inside. */
export function touched(geometries: readonly Geometry[], grid: Grid): Uint8Array {
  const effort = new Effort();
  const cells = Uint8Array.from(coverOfPolygons(geometries, grid), (share) => Number(share > 0));
  for (const geometry of geometries) {
    if (geometry.kind === 'point') mark(cells, grid, placesOnGrid(geometry.at, grid), 0);
    const paths =
      geometry.kind === 'line' ? [geometry.path] : geometry.kind === 'polygon' ? geometry.rings : [];
    for (const path of paths) markPath(cells, grid, placesOnGrid(path, grid), effort);
  }
  return cells;
}

function mark(cells: Uint8Array, { columns, rows }: Grid, places: Places, at: number): void {
  const [column, row] = [Math.floor(places[at]!), Math.floor(places[at + 1]!)];
  if (column >= 0 && row >= 0 && column < columns && row < rows) cells[row * columns + column] = 1;
}

/** Points along each edge, at most half a cell apart. */
function markPath(cells: Uint8Array, grid: Grid, places: Places, effort: Effort): void {
  const point = new Float64Array(2);
  for (let at = 0; at + 3 < places.length; at += 2) {
    const [x, y, nextX, nextY] = [places[at]!, places[at + 1]!, places[at + 2]!, places[at + 3]!];
    const visible = clipped(x, y, nextX, nextY, grid);
    if (visible === undefined) continue;
    const [from, to] = visible;
    const steps = Math.max(
      1,
      Math.ceil(2 * (to - from) * Math.max(Math.abs(nextX - x), Math.abs(nextY - y))),
    );
    effort.spend(steps);
    for (let step = 0; step <= steps; step++) {
      const share = from + ((to - from) * step) / steps;
      point[0] = x + share * (nextX - x);
      point[1] = y + share * (nextY - y);
      mark(cells, grid, point, 0);
    }
  }
}

/** The part of an edge that lies in the grid, as shares of it; an edge may be much longer than the grid is wide. */
function clipped(
  x: number,
  y: number,
  nextX: number,
  nextY: number,
  { columns, rows }: Grid,
): readonly [from: number, to: number] | undefined {
  let [from, to] = [0, 1];
  for (const [start, end, size] of [
    [x, nextX, columns],
    [y, nextY, rows],
  ] as const) {
    const length = end - start;
    if (!Number.isFinite(length)) return undefined;
    if (length === 0) {
      if (start < 0 || start > size) return undefined;
      continue;
    }
    const [one, other] = [-start / length, (size - start) / length];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  return from <= to ? [from, to] : undefined;
}
