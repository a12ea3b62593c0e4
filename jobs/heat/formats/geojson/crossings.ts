// Finds where the rings of a polygon cross themselves or each other, by a sweep from west to east.
import type { Path } from './geometry.ts';

/** Comparisons of one polygon: a million edges of a real outline need a tenth; the rest of a hostile one is not searched. */
const MOST_COMPARISONS = 20_000_000;
/** Of all polygons of a file: a second of work. */
const MOST_OF_FILE = 100_000_000;

/** How many comparisons the file may still cost. */
export interface Effort {
  left: number;
}

export const effortOfFile = (): Effort => ({ left: MOST_OF_FILE });

interface Edge {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
}

/** A place where two edges cross; undefined where none do. Edges that touch at their ends do not cross. */
export function crossingOf(
  rings: readonly Path[],
  effort: Effort,
): readonly [longitude: number, latitude: number] | undefined {
  if (effort.left < 0) return undefined;
  const edges = rings.flatMap(edgesOf).sort((one, other) => one.ax - other.ax);
  let comparisons = 0;
  let open: Edge[] = [];
  for (const edge of edges) {
    open = open.filter((each) => each.bx >= edge.ax);
    comparisons += open.length;
    effort.left -= open.length;
    if (comparisons > MOST_COMPARISONS || effort.left < 0) return undefined;
    for (const each of open) if (doCross(each, edge)) return [edge.ax, edge.ay];
    open.push(edge);
  }
  return undefined;
}

/** From west to east. */
function edgesOf(ring: Path): Edge[] {
  const edges: Edge[] = [];
  for (let at = 0; at + 3 < ring.length; at += 2) {
    const [ax, ay, bx, by] = ring.subarray(at, at + 4) as unknown as [number, number, number, number];
    edges.push(ax <= bx ? { ax, ay, bx, by } : { ax: bx, ay: by, bx: ax, by: ay });
  }
  return edges;
}

const side = ({ ax, ay, bx, by }: Edge, x: number, y: number): number =>
  Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));

const doCross = (one: Edge, other: Edge): boolean =>
  side(one, other.ax, other.ay) * side(one, other.bx, other.by) < 0 &&
  side(other, one.ax, one.ay) * side(other, one.bx, one.by) < 0;
